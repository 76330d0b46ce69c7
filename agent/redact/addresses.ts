import { isIPv6 } from "node:net";
import { parseAddress } from "../../lambda/contract/address.ts";
import { specialIpv4Ranges, specialIpv6Ranges } from "../../lambda/contract/special-ranges.ts";
import type { Match } from "./merge.ts";

/** RFC 4291 section 2.2: the longest text of an address, with a dotted quad at its end. */
const LONGEST_IPV6 = 45;

/** What a private address is said to belong to, `10.0.0.0/8`, tells nothing of anyone. */
const publicBlocks = new Set([...specialIpv4Ranges, ...specialIpv6Ranges].map(({ cidr }) => cidr));

/** Every IP address of a text, in any of the forms in which logs, URLs and names of providers carry it. */
export function findAddresses(text: string): readonly Match[] {
  const found = [...findReverseNames(text), ...findIpv4(text), ...findIpv6(text)];
  return found.filter(({ start, end }) => !isPublicBlock(text, start, end));
}

function isPublicBlock(text: string, start: number, end: number): boolean {
  const length = /^\/\d{1,3}(?!\d)/.exec(text.slice(end, end + 5))?.[0] ?? "";
  return publicBlocks.has(text.slice(start, end) + length);
}

/** Dotted, as in an address, or with hyphens, as in `host-1-2-3-4.isp.example`. Longer runs hide one too. */
function* findIpv4(text: string): Generator<Match> {
  for (const { 0: quad, index } of text.matchAll(
    /\d{1,3}(?:\.\d{1,3}){3,}|(?<!\d)\d{1,3}(?:-\d{1,3}){3,}/g,
  )) {
    yield { kind: "ipv4", id: quad.replaceAll("-", "."), start: index, end: index + quad.length };
  }
}

function* findIpv6(text: string): Generator<Match> {
  for (const { 0: run, index } of text.matchAll(/[0-9a-f:.]{2,}/gi)) {
    if (!/:.*:/.test(run)) continue;
    let at = index;
    while (at < index + run.length) {
      const address = longestIpv6(text, at, index + run.length);
      if (address !== "") yield { kind: "ipv6", id: canonical(address), start: at, end: at + address.length };
      at += address.length || 1;
    }
  }
}

/** The longest address that starts at a place and is no part of a word, as `fc::` in fc::property; "" for none. */
function longestIpv6(text: string, start: number, limit: number): string {
  if (isInWord(text[start - 1])) return "";
  for (let end = Math.min(limit, start + LONGEST_IPV6); end - start > 2; end -= 1) {
    const candidate = text.slice(start, end);
    if (isIPv6(candidate) && !isInWord(text[end])) return candidate;
  }
  return "";
}

const isInWord = (beside: string | undefined) => beside !== undefined && /[a-z0-9]/i.test(beside);

const canonical = (address: string) => parseAddress(address).text;

/** RFC 3596: an IPv6 address as a name, nibble by nibble; those of IPv4 are dotted quads. */
function* findReverseNames(text: string): Generator<Match> {
  for (const { 0: name, index } of text.matchAll(/(?:[0-9a-f]\.){4,32}(?=ip6\.arpa)/gi)) {
    yield { kind: "ipv6", id: name.toLowerCase(), start: index, end: index + name.length - 1 };
  }
}
