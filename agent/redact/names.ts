import { domainToASCII } from "node:url";
import type { Match } from "./merge.ts";

/** What may be a domain name: labels of letters, marks and digits in any script, `*` and `_`. */
const NAME = /[\p{L}\p{M}\p{N}_*-]+(?:\.[\p{L}\p{M}\p{N}_-]+)+/gu;

/**
 * Every name in a text that is one of the given names, lies below one, is a name that one lies below, or lies
 * below that: whoever knows the zone knows whose it is.
 */
export function findNames(text: string, names: readonly string[]): readonly Match[] {
  const revealing = new Set(names.flatMap((name) => suffixes(canonical(name))));
  const matches: Match[] = [];
  for (const { 0: found, index } of text.matchAll(NAME)) {
    const id = canonical(found);
    if (suffixes(id).some((suffix) => revealing.has(suffix))) {
      matches.push({ kind: "name", id, start: index, end: index + found.length });
    }
  }
  // Inside a longer word, such as the name of a file, too.
  for (const id of revealing) {
    for (const { 0: found, index } of text.matchAll(new RegExp(RegExp.escape(id), "giu"))) {
      matches.push({ kind: "name", id, start: index, end: index + found.length });
    }
  }
  return matches;
}

/** Lower case, A-labels, no dot at the end; as it is where it is no name after all. */
function canonical(name: string): string {
  const text = name.toLowerCase().replace(/^\*\.|\.$/g, "");
  return domainToASCII(text) || text;
}

/** The name and those it lies below, of at least two labels. */
function suffixes(name: string): readonly string[] {
  const labels = name.split(".");
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
}
