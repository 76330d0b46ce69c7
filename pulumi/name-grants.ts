import { type Fqdn, fqdnToWire, isWithin } from "../lambda/contract/fqdn.ts";
import { fixedSuffix, type NamePattern, parseNamePattern, patternsOverlap } from "../lambda/patterns.ts";
import { findZone } from "../lambda/zone.ts";

/** The names that may be changed in a zone, as a condition of a policy has them. */
export interface NameGrant {
  readonly apex: Fqdn;
  readonly names: readonly string[];
}

export interface GrantPlan {
  readonly grants: readonly NameGrant[];
  /** Zones in which all names are granted, because the configured ones are too many for a policy. */
  readonly widened: readonly Fqdn[];
}

/**
 * Decides which names the policy grants in each zone. Where they do not fit, the zone with the longest list gets
 * a pattern for the whole zone, and so on; the function itself still checks each name.
 * @param fits whether a policy can hold these grants
 */
export function planNameGrants(
  apexes: readonly Fqdn[],
  domains: readonly string[],
  fits: (grants: readonly NameGrant[]) => boolean,
): GrantPlan {
  let grants = grantsOf(apexes, domains.map(parseNamePattern));
  const widened: Fqdn[] = [];
  while (!fits(grants)) {
    const longest = grants
      .filter(({ apex }) => !widened.includes(apex))
      .toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
    if (!longest) throw new Error(`expected few enough zones for one policy, got ${apexes.length}`);
    widened.push(longest.apex);
    grants = grants.map((grant) => (grant === longest ? widen(grant) : grant));
  }
  return { grants, widened };
}

function grantsOf(apexes: readonly Fqdn[], patterns: readonly NamePattern[]): NameGrant[] {
  const zones = new Map(apexes.map((apex) => [apex, { apex, id: "" }]));
  const byApex = new Map(apexes.map((apex) => [apex, new Set<string>()]));
  for (const pattern of patterns) {
    const suffix = fixedSuffix(pattern);
    const home = findZone(zones, suffix)?.apex;
    // A pattern above the apex of another zone may reach into that zone.
    const reaches = (apex: Fqdn) => apex === home || (isWithin(apex, suffix) && matchesWithin(pattern, apex));
    for (const apex of apexes.filter(reaches)) byApex.get(apex)?.add(normalizedName(pattern));
  }
  return Array.from(byApex, ([apex, names]) => ({ apex, names: [...names].sort() })).filter(
    ({ names }) => names.length > 0,
  );
}

function matchesWithin(pattern: NamePattern, apex: Fqdn): boolean {
  return [apex, `**.${apex}`].some((inside) => patternsOverlap(pattern, parseNamePattern(inside)));
}

/**
 * The name as the condition key has it: lower case, no trailing dot. The policy's `*` stands for any text, dots
 * included, and so also for the `\052` that is the label `*` of a wildcard name.
 */
function normalizedName({ text }: NamePattern): string {
  return text.slice(0, -1).replace(/^\*\*/, "*");
}

function widen({ apex }: NameGrant): NameGrant {
  const name = fqdnToWire(apex);
  return { apex, names: [name, `*.${name}`] };
}

function lengthOf({ names }: NameGrant): number {
  return names.join().length;
}
