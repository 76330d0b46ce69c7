import ipaddr from "ipaddr.js";
import { type Address, addressFamily, parseAddress } from "../../lambda/contract/address.ts";

/** The end of an IPv6 address: the interface identifier of another host of the network. */
export interface Ipv6Suffix {
  /** An IPv6 address whose first `prefixLength` bits are zero. */
  readonly text: string;
  readonly prefixLength: number;
}

/** A suffix; undefined where the text is no IPv6 address with zeros in the place of the prefix. */
export function parseIpv6Suffix(text: string, prefixLength: number): Ipv6Suffix | undefined {
  if (addressFamily(text) !== "ipv6") return undefined;
  const suffix = { text, prefixLength };
  const zeros = bytesOf(text).every((byte, index) => (byte & prefixMask(index, prefixLength)) === 0);
  return zeros ? suffix : undefined;
}

/** The address with the prefix of one address and the suffix of another host. */
export function withSuffix(address: Address, { text, prefixLength }: Ipv6Suffix): Address {
  const suffix = bytesOf(text);
  const bytes = bytesOf(address.text).map((byte, index) => {
    const mask = prefixMask(index, prefixLength);
    return (byte & mask) | ((suffix[index] ?? 0) & ~mask);
  });
  return parseAddress(new ipaddr.IPv6(bytes).toNormalizedString());
}

// The canonical text has no dotted quad, which ipaddr.js reads as an IPv4-mapped address.
const bytesOf = (text: string) => ipaddr.IPv6.parse(parseAddress(text).text).toByteArray();

/** The bits of one byte of an address that belong to its prefix. */
function prefixMask(byteIndex: number, prefixLength: number): number {
  const bits = Math.min(8, Math.max(0, prefixLength - 8 * byteIndex));
  return (0xff << (8 - bits)) & 0xff;
}
