import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { quote, RefusedError } from "./refusal.ts";
import {
  type SpecialRange,
  specialIpv4Ranges,
  specialIpv6Ranges,
  unallocatedIpv6,
} from "./special-ranges.ts";

export type Family = "ipv4" | "ipv6";

/** An IP address; `text` is its only spelling: dotted quad, or RFC 5952. */
export interface Address {
  readonly family: Family;
  readonly text: string;
}

type Block<T> = { readonly network: T; readonly prefixLength: number; readonly range: SpecialRange };

const ipv4Blocks = specialIpv4Ranges.map((range): Block<ipaddr.IPv4> => {
  const [network, prefixLength] = ipaddr.IPv4.parseCIDR(range.cidr);
  return { network, prefixLength, range };
});
const ipv6Blocks = specialIpv6Ranges.map((range): Block<ipaddr.IPv6> => {
  const [network, prefixLength] = ipaddr.IPv6.parseCIDR(range.cidr);
  return { network, prefixLength, range };
});
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");
const sixToFour = ipaddr.IPv6.parseCIDR("2002::/16");

/**
 * Parses an IP address of either family, of any kind of range.
 * Refuses what only some parsers accept: leading zeros, fewer than four parts, zone ids, brackets, spaces.
 * @throws {RefusedError} `address-malformed`
 */
export function parseAddress(text: string): Address {
  if (isIPv4(text)) return { family: "ipv4", text };
  if (isIPv6(text) && !text.includes("%")) {
    // The URL standard writes IPv6 as RFC 5952 does, and reads every form (ipaddr.js misreads ::1.2.3.4).
    return { family: "ipv6", text: new URL(`http://[${text}]`).hostname.slice(1, -1) };
  }
  throw new RefusedError("address-malformed", `expected an IPv4 or IPv6 address, got ${quote(text)}`);
}

/** The special-purpose range that holds the address; undefined for a global unicast address. */
export function specialRange(address: Address): SpecialRange | undefined {
  if (address.family === "ipv4") return specialIpv4Range(ipaddr.IPv4.parse(address.text));
  const ip = ipaddr.IPv6.parse(address.text);
  const block = ipv6Blocks.find(({ network, prefixLength }) => ip.match(network, prefixLength));
  if (block) return block.range;
  // RFC 3056: the IPv4 address of the site follows the prefix.
  if (ip.match(sixToFour)) return specialIpv4Range(new ipaddr.IPv4(ip.toByteArray().slice(2, 6)));
  return ip.match(globalUnicast) ? undefined : unallocatedIpv6;
}

function specialIpv4Range(ip: ipaddr.IPv4): SpecialRange | undefined {
  return ipv4Blocks.find(({ network, prefixLength }) => ip.match(network, prefixLength))?.range;
}

/**
 * Parses an address that may be published: global unicast, of either family.
 * @throws {RefusedError} `address-malformed`, or `address-not-public` with the range and what it means
 */
export function parsePublicAddress(text: string): Address {
  const address = parseAddress(text);
  const range = specialRange(address);
  if (!range) return address;
  throw new RefusedError("address-not-public", `${address.text} is not public: ${describeRange(range)}`);
}

/** One line about a range: block, name, source, meaning. */
export function describeRange(range: SpecialRange): string {
  return `${range.cidr} is ${range.name} (${range.source}), ${range.meaning}`;
}
