import ipaddr from "ipaddr.js";
import { parseAddress } from "../../lambda/contract/address.ts";
import type { Ipv6Selection } from "../config/value-kinds.ts";

/** An IPv6 address of an interface, with what the kernel says of its use. */
export interface Ipv6OfInterface {
  readonly name: string;
  readonly text: string;
  /** Made for outgoing connections and thrown away soon (RFC 8981). */
  readonly isTemporary: boolean;
  /** No longer to be used for anything new. */
  readonly isDeprecated: boolean;
  /** Not yet known to be unique, or known not to be. */
  readonly isUnproven: boolean;
  /** Set by hand or by DHCPv6 rather than from a router advertisement. */
  readonly isPermanent: boolean;
}

/** IFA_F_* of <linux/if_addr.h>, the eight that /proc shows. */
const TEMPORARY = 0x01;
const OPTIMISTIC = 0x04;
const DAD_FAILED = 0x08;
const DEPRECATED = 0x20;
const TENTATIVE = 0x40;
const PERMANENT = 0x80;

/** Parses the text of /proc/net/if_inet6: address, index, prefix length, scope, flags, name, all hexadecimal. */
export function parseIfInet6(text: string): readonly Ipv6OfInterface[] {
  return text
    .split("\n")
    .map((line) => /^([0-9a-f]{32}) [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) +(\S+)$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, digits = "", hexFlags = "0", name = ""]) => {
      const flags = Number.parseInt(hexFlags, 16);
      return {
        name,
        text: parseAddress(digits.match(/.{4}/g)?.join(":") ?? "").text,
        isTemporary: (flags & TEMPORARY) !== 0,
        isDeprecated: (flags & DEPRECATED) !== 0,
        isUnproven: (flags & (TENTATIVE | DAD_FAILED | OPTIMISTIC)) !== 0,
        isPermanent: (flags & PERMANENT) !== 0,
      };
    });
}

/**
 * The addresses that may be published, the best one first: never one that is temporary, deprecated or not
 * proven unique; permanent ones before those from router advertisements, then in an order that does not
 * change from one reading to the next.
 */
export function selectIpv6(
  addresses: readonly Ipv6OfInterface[],
  selection: Ipv6Selection | undefined,
): readonly string[] {
  return addresses
    .filter(({ isTemporary, isDeprecated, isUnproven }) => !isTemporary && !isDeprecated && !isUnproven)
    .filter(({ text }) => isSelected(text, selection))
    .sort((a, b) => Number(b.isPermanent) - Number(a.isPermanent) || (a.text < b.text ? -1 : 1))
    .map(({ text }) => text);
}

function isSelected(text: string, selection: Ipv6Selection | undefined): boolean {
  if (selection === undefined) return true;
  const identifier = interfaceIdentifier(text);
  if (selection === "eui64") return identifier[3] === 0xff && identifier[4] === 0xfe;
  return interfaceIdentifier(selection.suffix).every((byte, index) => byte === identifier[index]);
}

/** The last 64 bits of an address, as bytes. */
function interfaceIdentifier(text: string): readonly number[] {
  return ipaddr.IPv6.parse(parseAddress(text).text).toByteArray().slice(8);
}
