import { findAddresses } from "./redact/addresses.ts";
import { type Match, mergeMatches } from "./redact/merge.ts";
import { findNames } from "./redact/names.ts";
import { findPatterns } from "./redact/patterns.ts";

/** What must not be shown and does not show by its form, by what its placeholder calls it. */
export interface Known {
  /** Domain names. Their zones, and whatever lies below those, count as well. */
  readonly name?: readonly string[];
  /** This machine, and servers that are not everybody's. */
  readonly host?: readonly string[];
  readonly device?: readonly string[];
  readonly user?: readonly string[];
  readonly stream?: readonly string[];
  readonly "key-id"?: readonly string[];
  /** Replaced even inside a longer word. */
  readonly secret?: readonly string[];
}

/**
 * Replaces what tells whose a text is: IP addresses of both families, domain names, host, device and user names,
 * key ids, AWS accounts and ARNs, MAC addresses, UUIDs, keys. The same thing, in any spelling, becomes the same
 * placeholder: `<ipv4-1>`, `<name-2>`.
 */
export function redact(text: string, known: Known): string {
  return createRedactor(known)(text);
}

/** A `redact` for the lines of one story, told one by one: it numbers things through all of them. */
export function createRedactor(known: Known): (text: string) => string {
  const placeholders = new Map<string, string>();
  const counts = new Map<string, number>();
  const placeholder = ({ kind, id }: Match): string => {
    const key = `${kind} ${id}`;
    const number = (counts.get(kind) ?? 0) + 1;
    const made = placeholders.get(key) ?? `<${kind}-${number}>`;
    if (!placeholders.has(key)) counts.set(kind, number);
    placeholders.set(key, made);
    return made;
  };
  return (text) => {
    let at = 0;
    let redacted = "";
    for (const match of mergeMatches(text, findAll(text, known))) {
      redacted += text.slice(at, match.start) + placeholder(match);
      at = match.end;
    }
    return redacted + text.slice(at);
  };
}

function findAll(text: string, { name = [], secret = [], ...words }: Known): readonly Match[] {
  const hosts = (words.host ?? []).flatMap((host) => [host, host.split(".")[0] ?? ""]);
  const literals = Object.entries({ ...words, host: hosts });
  return [
    ...secret.flatMap((literal) => findLiteral(text, "secret", literal)),
    ...literals.flatMap(([kind, texts]) => texts.flatMap((literal) => findLiteral(text, kind, literal))),
    ...findNames(text, name),
    ...findPatterns(text),
    ...findAddresses(text),
  ];
}

/** Where a text stands: a secret anywhere, anything else as a word of its own, in any case. */
function findLiteral(text: string, kind: string, literal: string): readonly Match[] {
  if (literal === "") return [];
  const escaped = RegExp.escape(literal);
  const pattern =
    kind === "secret"
      ? new RegExp(escaped, "gu")
      : new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "giu");
  const id = kind === "secret" ? literal : literal.toLowerCase();
  return [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
    kind,
    id,
    start: index,
    end: index + found.length,
  }));
}
