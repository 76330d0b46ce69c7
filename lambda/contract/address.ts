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

/** A range as 16-bit words, so that a look-up compares numbers. */
interface Block {
  readonly words: readonly number[];
  readonly masks: readonly number[];
  readonly range: SpecialRange;
}

const ipv4Blocks = specialIpv4Ranges.map((range) => blockOf(range, ipv4Words));
const ipv6Blocks = specialIpv6Ranges.map((range) => blockOf(range, ipv6Words));
/** 2000::/3 by its first word. */
const GLOBAL_UNICAST = { mask: 0xe000, word: 0x2000 };
const SIX_TO_FOUR = 0x2002;

function blockOf(range: SpecialRange, wordsOf: (text: string) => number[]): Block {
  const [network = "", prefixLength] = range.cidr.split("/");
  const words = wordsOf(network);
  const bitsOf = (index: number) => Math.min(16, Math.max(0, Number(prefixLength) - index * 16));
  return { words, masks: words.map((_, index) => 0xffff & (0xffff << (16 - bitsOf(index)))), range };
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV6_ALPHABET = /^[0-9A-Fa-f:.]+$/;

/** The family of a text that `parseAddress` accepts, else undefined. */
export function addressFamily(text: string): Family | undefined {
  if (IPV4.test(text)) return "ipv4";
  return IPV6_ALPHABET.test(text) && URL.canParse(`http://[${text}]`) ? "ipv6" : undefined;
}

/**
 * Parses an IP address of either family, of any kind of range.
 * Refuses what only some parsers accept: leading zeros, fewer than four parts, zone ids, brackets, spaces.
 * @throws {RefusedError} `address-malformed`
 */
export function parseAddress(text: string): Address {
  const family = addressFamily(text);
  if (family === "ipv4") return { family, text };
  // The URL standard writes IPv6 as RFC 5952 does, and reads every form (ipaddr.js misreads ::1.2.3.4).
  if (family === "ipv6") return { family, text: new URL(`http://[${text}]`).hostname.slice(1, -1) };
  throw new RefusedError("address-malformed", `expected an IPv4 or IPv6 address, got ${quote(text)}`);
}

/** The special-purpose range that holds the address; undefined for a global unicast address. */
export function specialRange(address: Address): SpecialRange | undefined {
  if (address.family === "ipv4") return findRange(ipv4Blocks, ipv4Words(address.text));
  const words = ipv6Words(address.text);
  const range = findRange(ipv6Blocks, words);
  if (range) return range;
  const [first = 0] = words;
  // RFC 3056: the IPv4 address of the site follows the prefix.
  if (first === SIX_TO_FOUR) return findRange(ipv4Blocks, words.slice(1, 3));
  return (first & GLOBAL_UNICAST.mask) === GLOBAL_UNICAST.word ? undefined : unallocatedIpv6;
}

function findRange(blocks: readonly Block[], words: readonly number[]): SpecialRange | undefined {
  // Nearly every address is in no block, which the first word tells: asked of every update, so without a closure.
  const [first = 0] = words;
  for (const block of blocks) {
    if ((first & (block.masks[0] ?? 0)) === block.words[0] && isInBlock(block, words)) return block.range;
  }
  return undefined;
}

function isInBlock({ words: network, masks }: Block, words: readonly number[]): boolean {
  return network.every((word, index) => ((words[index] ?? 0) & (masks[index] ?? 0)) === word);
}

function ipv4Words(text: string): number[] {
  const [a, b, c, d] = text.split(".");
  return [(Number(a) << 8) | Number(b), (Number(c) << 8) | Number(d)];
}

/** The eight words of a canonical IPv6 text, which has no dotted quad. */
function ipv6Words(text: string): number[] {
  const groups = text.split(":");
  const words = [0, 0, 0, 0, 0, 0, 0, 0];
  let at = 0;
  for (; at < groups.length && groups[at] !== ""; at += 1) words[at] = Number.parseInt(groups[at] ?? "", 16);
  // What follows the gap, from the end.
  for (let back = 1; back <= groups.length - at && groups.at(-back) !== ""; back += 1) {
    words[8 - back] = Number.parseInt(groups.at(-back) ?? "", 16);
  }
  return words;
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
