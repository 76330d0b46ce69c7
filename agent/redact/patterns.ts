import type { Match } from "./merge.ts";

type Pattern = readonly [kind: string, pattern: RegExp, id?: (text: string) => string];

const lower = (text: string) => text.toLowerCase();
const hexOf = (text: string) => lower(text).replace(/[:.-]/g, "");

/** What shows by its form that it is somebody's. */
const PATTERNS: readonly Pattern[] = [
  ["pem", /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g],
  ["arn", /arn:aws[a-z-]*:[^\s"'`<>(){}[\],;]*[^\s"'`<>(){}[\],;.:]/g],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  [
    "key-id",
    /(?<![A-Za-z0-9])(?:A3T[A-Z0-9]|ABIA|ACCA|AGPA|AIDA|AIPA|AKIA|ANPA|ANVA|APKA|AROA|ASCA|ASIA)[A-Z0-9]{12,}/g,
  ],
  // Kinesis writes the number of a shard like the number of an account.
  ["account", /(?<!\d|shardId-)(?:\d{12}|\d{4}-\d{4}-\d{4})(?!\d)/g, (text) => text.replaceAll("-", "")],
  ["uuid", /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, lower],
  [
    "mac",
    /(?<![0-9a-f])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2})(?![0-9a-f])/gi,
    hexOf,
  ],
  // systemd.net-naming-scheme(7): the name of a network adapter that moves holds its address.
  ["mac", /(?<=enx|wlx)[0-9a-f]{12}/g, hexOf],
  // Secrets, signatures and keys in base64: a path has no capital or digit among so many letters.
  ["token", /(?<![A-Za-z0-9+/])(?=[a-z+/]*[A-Z\d])[A-Za-z0-9+/]{40,}={0,2}/g],
  ["token", /(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])/gi, lower],
  ["user", /(?<=\/(?:home|Users)\/)[^/\s:"'`<>()]+/g],
];

export function findPatterns(text: string): readonly Match[] {
  return PATTERNS.flatMap(([kind, pattern, id = (found: string) => found]) =>
    [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
      kind,
      id: id(found),
      start: index,
      end: index + found.length,
    })),
  );
}
