// The Value of a ResourceRecord, by type: what AWS accepts, and its words for what it does not.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
import { isIPv4, isIPv6 } from "node:net";
import { decodeName, fatal } from "./name.ts";

const MAX_TXT_STRING_BYTES = 255;
const MAX_TXT_VALUE_CHARACTERS = 4_000;

/** The types this Route 53 stores and its DNS server answers. The real one has more. */
export type RrsetType = "A" | "AAAA" | "CNAME" | "NS" | "SOA" | "TXT";

type Check = (value: string) => string | undefined;

const checks: Readonly<Record<RrsetType, Check>> = {
  A: addressProblem("A", "IPv4", isIPv4),
  // A scoped address, fe80::1%eth0, has a meaning on one machine only.
  AAAA: addressProblem("AAAA", "IPv6", (value) => isIPv6(value) && !value.includes("%")),
  CNAME: nameProblem,
  NS: nameProblem,
  SOA: (value) =>
    soaFields(value) ? undefined : fatal("SOARRDATAInvalid (Value is not a valid SOA record)", value).problem,
  TXT: (value) => {
    const result = decodeTxt(value);
    return "problem" in result ? result.problem : undefined;
  },
};

export function isRrsetType(type: string): type is RrsetType {
  return Object.hasOwn(checks, type);
}

/** What AWS would say against a value, in its words; nothing where it is good. */
export function valueProblem(type: RrsetType, value: string): string | undefined {
  return checks[type](value);
}

/** The character strings of a TXT value: each in quotation marks, at most 255 bytes, escapes `\"`, `\\` and `\ooo`. */
export function decodeTxt(value: string): { readonly strings: Buffer[] } | { readonly problem: string } {
  const unsupported = /[^\x20-\x7e]/u.exec(value);
  if (unsupported) {
    return fatal("UnsupportedCharacter (Value contains unsupported characters)", unsupported[0]);
  }
  if (!/^\s*("([^"\\]|\\.)*"\s*)+$/.test(value)) {
    return fatal("InvalidCharacterString (Value should be enclosed in quotation marks)", value);
  }
  const strings = (value.match(/"([^"\\]|\\.)*"/g) ?? []).map(unquote);
  const isTooLong = strings.some((string) => string.length > MAX_TXT_STRING_BYTES);
  if (isTooLong || value.length > MAX_TXT_VALUE_CHARACTERS) {
    return fatal("CharacterStringTooLong (Value is too long)", value);
  }
  return { strings };
}

export interface Soa {
  /** Canonical names. */
  readonly mname: string;
  readonly rname: string;
  /** Serial, refresh, retry, expire, minimum (RFC 1035 §3.3.13). */
  readonly numbers: readonly [number, number, number, number, number];
}

/** The fields of a SOA value; nothing where it is not one. */
export function soaFields(value: string): Soa | undefined {
  const [mname, rname, ...numbers] = value.trim().split(/\s+/);
  const names = [mname ?? "", rname ?? ""].map(decodeName);
  const [first, second] = names.flatMap((result) => ("name" in result ? [result.name] : []));
  const isNumeric = numbers.every((text) => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32);
  const [serial, refresh, retry, expire, minimum, ...more] = numbers.map(Number);
  if (!first || !second || !isNumeric || more.length > 0) return undefined;
  if (serial === undefined || refresh === undefined || retry === undefined) return undefined;
  if (expire === undefined || minimum === undefined) return undefined;
  return { mname: first, rname: second, numbers: [serial, refresh, retry, expire, minimum] };
}

function addressProblem(type: string, family: string, isAddress: (value: string) => boolean): Check {
  return (value) => {
    if (isAddress(value)) return undefined;
    const kind = /\s/.test(value)
      ? `${type}RRDATANotSingleField (Value contains spaces)`
      : `${type}RRDATAIllegal${family}Address (Value is not a valid ${family} address)`;
    return fatal(kind, value).problem;
  };
}

function nameProblem(value: string): string | undefined {
  const result = decodeName(value);
  return "problem" in result ? result.problem : undefined;
}

function unquote(quoted: string): Buffer {
  const text = quoted
    .slice(1, -1)
    .replace(/\\([0-3][0-7]{2}|.)/g, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped,
    );
  return Buffer.from(text, "latin1");
}
