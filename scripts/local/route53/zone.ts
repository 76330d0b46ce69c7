// One hosted zone: its names, what each holds, and which names exist because something is below them.
import { labelsOf, parentOf, sortKey } from "./name.ts";
import type { RrsetType } from "./value.ts";

/** A resource record set (RFC 2181 §5). The name is canonical, the values as they were given. */
export interface Rrset {
  readonly name: string;
  readonly type: RrsetType;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
}

/** Everything at one name. Never changed in place, so that several views of a zone may share it. */
export type NameRrsets = ReadonlyMap<RrsetType, Rrset>;

/** The names a change touches, each with all that it is to hold afterwards. */
export type StagedNames = ReadonlyMap<string, NameRrsets>;

export interface Zone {
  readonly id: string;
  /** Canonical: lower case, trailing dot. */
  readonly name: string;
  readonly rrsetsByName: Map<string, NameRrsets>;
  /** How many names with records are at or below a name: what makes it exist (RFC 4592 §2.2.2). */
  readonly populatedNames: Map<string, number>;
  /** Made by `sortedRrsets` and dropped by the next change. */
  sorted: readonly Rrset[] | undefined;
}

export interface ZoneOptions {
  readonly id: string;
  readonly name: string;
  readonly nameServers: readonly string[];
}

/**
 * A zone with the SOA and NS record sets that Route 53 makes, and their TTLs.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
 */
export function createZone({ id, name, nameServers }: ZoneOptions): Zone {
  const zone: Zone = { id, name, rrsetsByName: new Map(), populatedNames: new Map(), sorted: undefined };
  const soa = `${nameServers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  const apex = new Map<RrsetType, Rrset>([
    ["NS", { name, type: "NS", ttlSeconds: 172_800, values: nameServers }],
    ["SOA", { name, type: "SOA", ttlSeconds: 900, values: [soa] }],
  ]);
  applyStaged(zone, new Map([[name, apex]]));
  return zone;
}

/** Puts every staged name in place of what is there. An empty one is removed. */
export function applyStaged(zone: Zone, staged: StagedNames): void {
  zone.sorted = undefined;
  for (const [name, rrsets] of staged) {
    const step = Number(rrsets.size > 0) - Number(zone.rrsetsByName.has(name));
    if (rrsets.size > 0) zone.rrsetsByName.set(name, rrsets);
    else zone.rrsetsByName.delete(name);
    if (step !== 0) countUpToApex(zone, name, step);
  }
}

/** Whether a name within the zone exists, be it only because a name below it does. */
export function nameExists(zone: Zone, name: string): boolean {
  return zone.populatedNames.has(name);
}

/** All record sets in the order in which Route 53 lists them: by reversed name, then by type. */
export function sortedRrsets(zone: Zone): readonly Rrset[] {
  zone.sorted ??= [...zone.rrsetsByName.values()]
    .flatMap((rrsets) => [...rrsets.values()])
    .map((rrset) => ({ rrset, key: sortKey(rrset.name) }))
    .sort((a, b) => compare(a.key, b.key) || compare(a.rrset.type, b.rrset.type))
    .map(({ rrset }) => rrset);
  return zone.sorted;
}

/** ASCII order, which no locale may change. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function countUpToApex(zone: Zone, from: string, step: number): void {
  const steps = labelsOf(from).length - labelsOf(zone.name).length;
  let name = from;
  for (let level = 0; level <= steps; level += 1) {
    const count = (zone.populatedNames.get(name) ?? 0) + step;
    if (count > 0) zone.populatedNames.set(name, count);
    else zone.populatedNames.delete(name);
    name = parentOf(name);
  }
}
