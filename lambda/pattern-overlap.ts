import type { Fqdn } from "./contract/fqdn.ts";
import { quote } from "./contract/refusal.ts";
import { type NamePattern, parseNamePattern, patternsOverlap } from "./patterns.ts";

/** That a sender may move the names of a pattern. */
export interface PatternClaim {
  /** Where it stands in the settings. */
  readonly place: string;
  readonly pattern: NamePattern;
  /** Whether the sender must sign. */
  readonly isKeyed: boolean;
}

/**
 * The first claim of a sender without a key on a name that another sender holds with a key, which would make the
 * key worthless; undefined where there is none.
 */
export function findOverlap(
  claims: readonly PatternClaim[],
): { readonly place: string; readonly problem: string } | undefined {
  const keyed = claims.filter(({ isKeyed }) => isKeyed);
  const keyedNames = new Map(keyed.map((claim) => [claim.pattern.text, claim]));
  const keyedPatterns = keyed.filter(({ pattern }) => !pattern.isExact);
  for (const { place, pattern, isKeyed } of claims) {
    if (isKeyed) continue;
    // Ten thousand plain names on each side must not cost their product.
    const candidates = pattern.isExact ? keyedPatterns : keyed;
    const held =
      keyedNames.get(pattern.text) ?? candidates.find((claim) => patternsOverlap(pattern, claim.pattern));
    if (!held) continue;
    const theirs = `${held.place}, ${quote(held.pattern.text)}, which only a signature may move`;
    return { place, problem: `expected no name of ${theirs}, got ${quote(pattern.text)}` };
  }
  return undefined;
}

/**
 * Whether a wildcard name would answer for names that a sender holds with a key, as long as these have no records
 * of their own: a wildcard does so at any depth below its parent (RFC 4592 section 3.3).
 */
export function createShadowCheck(claims: readonly PatternClaim[]): (fqdn: Fqdn) => boolean {
  const keyed = claims.filter(({ isKeyed }) => isKeyed);
  return (fqdn) => {
    if (!fqdn.startsWith("*.")) return false;
    const answered = parseNamePattern(`*${fqdn}`);
    return keyed.some(({ pattern }) => patternsOverlap(pattern, answered));
  };
}
