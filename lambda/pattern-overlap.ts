import type { Fqdn } from "./contract/fqdn.ts";
import { quote } from "./contract/refusal.ts";
import {
  createNameMatcher,
  fixedSuffix,
  labelsOf,
  type NamePattern,
  parseNamePattern,
  patternsOverlap,
} from "./patterns.ts";
import { findZone, type Zone } from "./zone.ts";

/** That a sender may move the names of a pattern. */
export interface PatternClaim {
  /** Where it stands in the settings. */
  readonly place: string;
  readonly pattern: NamePattern;
  /** Whether the sender must sign. */
  readonly isKeyed: boolean;
}

/** What is wrong with a claim, and where it stands. */
export interface ClaimProblem {
  readonly place: string;
  readonly problem: string;
}

/**
 * The first claim of a sender without a key on a name that another sender holds with a key, which would make the
 * key worthless; undefined where there is none.
 */
export function findOverlap(claims: readonly PatternClaim[]): ClaimProblem | undefined {
  const keyed = claims.filter(({ isKeyed }) => isKeyed);
  const isHeld = createNameMatcher(keyed.map(({ pattern }) => pattern));
  for (const { place, pattern, isKeyed } of claims) {
    // Ten thousand plain names on each side must not cost their product.
    if (isKeyed || (pattern.isExact && !isHeld(fixedSuffix(pattern)))) continue;
    const held = keyed.find((claim) => patternsOverlap(pattern, claim.pattern));
    if (!held) continue;
    const theirs = `${held.place}, ${quote(held.pattern.text)}, which only a signature may move`;
    return { place, problem: `expected no name of ${theirs}, got ${quote(pattern.text)}` };
  }
  return undefined;
}

/**
 * The first claim of a sender without a key on a name below a wildcard that another sender holds with a key: the
 * name would make those between them exist, and a wildcard answers for none that exists (RFC 4592 section 2.2.2).
 * A zone of its own that begins below the wildcard hides them anyway.
 */
export function findHiding(
  claims: readonly PatternClaim[],
  zones: ReadonlyMap<Fqdn, Zone>,
): ClaimProblem | undefined {
  const wildcards = claims
    .filter(({ isKeyed, pattern }) => isKeyed && pattern.labels[0] === "*")
    .map((claim) => ({ ...claim, below: parseNamePattern(`*${claim.pattern.text}`) }));
  const isBelow = createNameMatcher(wildcards.map(({ below }) => below));
  for (const { place, pattern, isKeyed } of claims) {
    if (isKeyed || (pattern.isExact && !isBelow(fixedSuffix(pattern)))) continue;
    const apex = findZone(zones, fixedSuffix(pattern))?.apex ?? "";
    const hidden = wildcards.find(
      ({ below }) => patternsOverlap(pattern, below) && depthOf(apex) < below.labels.length,
    );
    if (!hidden) continue;
    const theirs = `${hidden.place}, ${quote(hidden.pattern.text)}`;
    const harm = "which would no longer answer for the names between them";
    return { place, problem: `expected no name below ${theirs}, ${harm}, got ${quote(pattern.text)}` };
  }
  return undefined;
}

function depthOf(name: string): number {
  return name.split(".").length - 1;
}

/** Patterns by their labels, the last one first. */
interface PatternTree {
  readonly below: Map<string, PatternTree>;
}

function plant(patterns: readonly NamePattern[]): PatternTree {
  const root: PatternTree = { below: new Map() };
  for (const { labels } of patterns) {
    let node = root;
    for (const label of labels.toReversed()) {
      const next = node.below.get(label) ?? { below: new Map() };
      node.below.set(label, next);
      node = next;
    }
  }
  return root;
}

/**
 * Whether a wildcard name would answer for names that a sender holds with a key, as long as these have no records
 * of their own: a wildcard does so at any depth below its parent (RFC 4592 section 3.3). Anybody may ask, for every
 * update: what it costs must not grow with the number of names.
 */
export function createShadowCheck(claims: readonly PatternClaim[]): (fqdn: Fqdn) => boolean {
  const root = plant(claims.filter(({ isKeyed }) => isKeyed).map(({ pattern }) => pattern));
  return (fqdn) => {
    const [star, ...parent] = labelsOf(fqdn);
    if (star !== "*") return false;
    let nodes: readonly PatternTree[] = [root];
    for (const label of parent.toReversed()) {
      // It takes this label, and whatever is below it.
      if (nodes.some(({ below }) => below.has("**"))) return true;
      nodes = nodes.flatMap(({ below }) => [below.get(label) ?? [], below.get("*") ?? []].flat());
    }
    return nodes.some(({ below }) => below.size > 0);
  };
}
