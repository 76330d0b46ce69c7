/** One block of addresses that can never be the public address of a network. */
export interface SpecialRange {
  readonly cidr: string;
  /** The registry's name for the block. */
  readonly name: string;
  /** The document that reserves it. */
  readonly source: string;
  /** What it means for a person who finds this address on a router. */
  readonly meaning: string;
}

const LOCAL = "it only exists inside a private network, so the Internet cannot reach it";
const CGNAT =
  "your provider uses carrier-grade NAT: this address is shared, and the Internet cannot reach it";
const EXAMPLE = "it is reserved for examples in documents and belongs to nobody";
const SERVICE = "it belongs to an Internet service that many networks announce, not to one host";
const TRANSLATED = "it stands for an IPv4 address inside a translator and is not an address of its own";
const NEVER = "it is reserved and never assigned to a host";
const SELF = "it only means something on the device itself";
const UNSET = "it means that no address is set";

type Row = readonly [cidr: string, name: string, source: string, meaning: string];

/**
 * IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its successors) and multicast, narrower blocks
 * first. Blocks that the registry calls globally reachable are here too: they are anycast services.
 */
const IPV4: readonly Row[] = [
  ["0.0.0.0/32", "this host on this network", "RFC 1122", UNSET],
  ["0.0.0.0/8", "this network", "RFC 791", NEVER],
  ["10.0.0.0/8", "private use", "RFC 1918", LOCAL],
  ["100.64.0.0/10", "shared address space", "RFC 6598", CGNAT],
  ["127.0.0.0/8", "loopback", "RFC 1122", SELF],
  [
    "169.254.0.0/16",
    "link-local",
    "RFC 3927",
    "no DHCP server answered: the device chose this address itself",
  ],
  ["172.16.0.0/12", "private use", "RFC 1918", LOCAL],
  ["192.0.0.0/29", "IPv4 service continuity prefix", "RFC 7335", TRANSLATED],
  ["192.0.0.8/32", "IPv4 dummy address", "RFC 7600", NEVER],
  ["192.0.0.9/32", "Port Control Protocol anycast", "RFC 7723", SERVICE],
  ["192.0.0.10/32", "TURN anycast", "RFC 8155", SERVICE],
  ["192.0.0.170/31", "NAT64/DNS64 discovery", "RFC 7050", TRANSLATED],
  ["192.0.0.0/24", "IETF protocol assignments", "RFC 6890", NEVER],
  ["192.0.2.0/24", "documentation (TEST-NET-1)", "RFC 5737", EXAMPLE],
  ["192.31.196.0/24", "AS112-v4", "RFC 7535", SERVICE],
  ["192.52.193.0/24", "AMT", "RFC 7450", SERVICE],
  ["192.88.99.2/32", "6a44 relay anycast", "RFC 6751", SERVICE],
  ["192.88.99.0/24", "deprecated 6to4 relay anycast", "RFC 7526", SERVICE],
  ["192.168.0.0/16", "private use", "RFC 1918", LOCAL],
  ["192.175.48.0/24", "direct delegation AS112 service", "RFC 7534", SERVICE],
  ["198.18.0.0/15", "benchmarking", "RFC 2544", "it is reserved for tests of network devices"],
  ["198.51.100.0/24", "documentation (TEST-NET-2)", "RFC 5737", EXAMPLE],
  ["203.0.113.0/24", "documentation (TEST-NET-3)", "RFC 5737", EXAMPLE],
  ["224.0.0.0/4", "multicast", "RFC 5771", "it addresses a group of hosts, not one"],
  ["255.255.255.255/32", "limited broadcast", "RFC 919", "it addresses every host of a network, not one"],
  ["240.0.0.0/4", "reserved", "RFC 1112", NEVER],
];

/**
 * IANA IPv6 Special-Purpose Address Registry, multicast and the deprecated forms, narrower blocks first.
 * 2002::/16 is not a row: a 6to4 address is as public as the IPv4 address in it (RFC 3056).
 */
const IPV6: readonly Row[] = [
  ["::/128", "unspecified", "RFC 4291", UNSET],
  ["::1/128", "loopback", "RFC 4291", SELF],
  ["::ffff:0:0/96", "IPv4-mapped", "RFC 4291", TRANSLATED],
  ["::/96", "deprecated IPv4-compatible", "RFC 4291", TRANSLATED],
  ["64:ff9b::/96", "IPv4-IPv6 translation", "RFC 6052", TRANSLATED],
  ["64:ff9b:1::/48", "local IPv4-IPv6 translation", "RFC 8215", TRANSLATED],
  ["100::/64", "discard-only", "RFC 6666", NEVER],
  ["100:0:0:1::/64", "dummy prefix", "RFC 9780", NEVER],
  ["2001::/32", "Teredo", "RFC 4380", "it is a tunnel through NAT that no longer has a public service"],
  ["2001:1::1/128", "Port Control Protocol anycast", "RFC 7723", SERVICE],
  ["2001:1::2/128", "TURN anycast", "RFC 8155", SERVICE],
  ["2001:1::3/128", "DNS-SD service registration anycast", "RFC 9665", SERVICE],
  ["2001:2::/48", "benchmarking", "RFC 5180", "it is reserved for tests of network devices"],
  ["2001:3::/32", "AMT", "RFC 7450", SERVICE],
  ["2001:4:112::/48", "AS112-v6", "RFC 7535", SERVICE],
  [
    "2001:10::/28",
    "deprecated ORCHID",
    "RFC 4843",
    "it is a name for a host, not an address packets can reach",
  ],
  ["2001:20::/28", "ORCHIDv2", "RFC 7343", "it is a name for a host, not an address packets can reach"],
  [
    "2001:30::/28",
    "drone remote ID",
    "RFC 9374",
    "it is a name for a device, not an address packets can reach",
  ],
  ["2001::/23", "IETF protocol assignments", "RFC 2928", NEVER],
  ["2001:db8::/32", "documentation", "RFC 3849", EXAMPLE],
  ["2620:4f:8000::/48", "direct delegation AS112 service", "RFC 7534", SERVICE],
  ["3fff::/20", "documentation", "RFC 9637", EXAMPLE],
  ["5f00::/16", "segment routing (SRv6) SIDs", "RFC 9602", "it names a step of a route, not a host"],
  ["fc00::/7", "unique local", "RFC 4193", LOCAL],
  ["fe80::/10", "link-local", "RFC 4291", "it only exists on one cable or radio link"],
  ["fec0::/10", "deprecated site-local", "RFC 3879", LOCAL],
  ["ff00::/8", "multicast", "RFC 4291", "it addresses a group of hosts, not one"],
];

const named = (rows: readonly Row[]): readonly SpecialRange[] =>
  rows.map(([cidr, name, source, meaning]) => ({ cidr, name, source, meaning }));

export const specialIpv4Ranges = named(IPV4);
export const specialIpv6Ranges = named(IPV6);

/** Everything outside 2000::/3 that has no row of its own. */
export const unallocatedIpv6: SpecialRange = {
  cidr: "::/0",
  name: "not allocated, global unicast is 2000::/3",
  source: "RFC 4291",
  meaning: NEVER,
};
