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
 * @throws where even whole zones do not fit
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
    if (!longest) {
      const problem = `zones: expected few enough for one IAM policy, got ${apexes.length}`;
      throw new Error(`${problem}: divide them among stacks, each with a streamName of its own`);
    }
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
    for (const apex of apexes.filter(reaches)) byApex.get(apex)?.add(normalizedName(pattern, apex));
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
 * included, and so also for the `\052` that is the label `*` of a wildcard name. For the same reason a star above
 * the apex becomes the apex's own label there: as a star it would stand for every name of that zone.
 */
function normalizedName({ labels }: NamePattern, apex: Fqdn): string {
  const apexLabels = fqdnToWire(apex).split(".");
  const above = labels.length - apexLabels.length;
  const narrowed = labels.map((label, index) =>
    label === "*" ? (apexLabels[index - above] ?? label) : label,
  );
  return narrowed.join(".").replace(/^\*\*/, "*");
}

function widen({ apex }: NameGrant): NameGrant {
  const name = fqdnToWire(apex);
  return { apex, names: [name, `*.${name}`] };
}

function lengthOf({ names }: NameGrant): number {
  return names.join().length;
}
