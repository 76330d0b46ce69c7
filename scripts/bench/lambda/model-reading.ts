// Reads a payload as the contract has it, with nothing of the function's: only what Node itself knows.
import { Buffer } from "node:buffer";
import { BlockList, isIPv4, isIPv6, SocketAddress } from "node:net";
import { domainToASCII } from "node:url";

/** What a payload says, in the one spelling of each. */
export interface Reading {
  readonly name: string;
  readonly type: "A" | "AAAA";
  readonly address: string;
  readonly uuid: string;
  readonly device?: string;
  readonly issuedAt?: string;
  readonly ttl?: number;
  readonly signature?: string;
}

/** 6to4 as a whole, since no event here has one of a public address. */
const notPublic = {
  ipv4: blockListOf(`0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
    198.51.100.0/24 203.0.113.0/24 224.0.0.0/3`),
  ipv6: blockListOf(`::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20`),
};

function blockListOf(cidrs: string): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs.split(/\s+/)) {
    const [network = "", length] = cidr.split("/");
    list.addSubnet(network, Number(length), cidr.includes(":") ? "ipv6" : "ipv4");
  }
  return list;
}

/** Reads the data of a Kinesis record; gives nothing where any part of it is not as it should be. */
export function readPayload(data: unknown): Reading | undefined {
  if (typeof data !== "string" || data.length % 4 > 0 || !/^[\w+/]*={0,2}$/.test(data)) return undefined;
  const { ip, domain, uuid, device, issued_at: issuedAt, ttl, signature } = readJson(data);
  const name = readName(domain);
  const address = readAddress(ip);
  if (!name || !address || !isText(uuid, /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i)) return undefined;
  const isComplete =
    (device === undefined || isText(device, /^[A-Za-z\d][\w.-]{0,63}$/)) &&
    (issuedAt === undefined || isInstant(issuedAt)) &&
    (ttl === undefined || (Number.isInteger(ttl) && Number(ttl) >= 0 && Number(ttl) < 2 ** 31)) &&
    (signature === undefined || isText(signature, /^[A-Za-z\d+/]{85}[AQgw]==$/));
  if (!isComplete) return undefined;
  return { name, ...address, uuid: uuid.toLowerCase(), device, issuedAt, ttl, signature } as Reading;
}

function readJson(base64: string): Record<string, unknown> {
  const bytes = Buffer.from(base64, "base64");
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const keys = text.match(/"\w+"(?=\s*:)/g) ?? [];
    const isPlain = bytes.length <= 1024 && new Set(keys).size === keys.length;
    return (isPlain && JSON.parse(text)) || {};
  } catch {
    return {};
  }
}

const isText = (value: unknown, pattern: RegExp): value is string =>
  typeof value === "string" && pattern.test(value);

function isInstant(value: unknown): boolean {
  if (!isText(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)) return false;
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value;
}

/** The name with its last dot. What labels may be is for the rules to say. */
function readName(domain: unknown): string | undefined {
  if (!isText(domain, /^[\w.*\u0080-\uffff-]+$/)) return undefined;
  const ascii = /xn--|[^\0-\x7f]/i.test(domain) ? domainToASCII(domain) : domain.toLowerCase();
  return ascii.endsWith(".") ? ascii : `${ascii}.`;
}

function readAddress(ip: unknown): Pick<Reading, "type" | "address"> | undefined {
  if (typeof ip !== "string" || ip.includes("%")) return undefined;
  if (isIPv4(ip)) return notPublic.ipv4.check(ip, "ipv4") ? undefined : { type: "A", address: ip };
  if (!isIPv6(ip) || notPublic.ipv6.check(ip, "ipv6")) return undefined;
  return { type: "AAAA", address: new SocketAddress({ address: ip, family: "ipv6" }).address };
}
