// The state of a Route 53: its hosted zones and their changes. Every rule is a function of the store, the input and
// the time; nothing here reads a clock or opens a socket.
import type { ChangeBatch, ChangeInfo } from "@aws-sdk/client-route-53";
import { planChangeBatch } from "./change.ts";
import { noSuchChange, noSuchHostedZone } from "./error.ts";
import { bareId, makeId } from "./id.ts";
import { parentOf, parseName } from "./name.ts";
import { applyStaged, createZone, type StagedNames, type Zone } from "./zone.ts";

// Names under .test belong to nobody (RFC 6761): the real ones would lead a resolver out to Amazon.
const NAME_SERVERS = [1, 2, 3, 4].map((number) => `ns-${number}.awsdns.test.`);

export interface HostedZoneOptions {
  readonly name: string;
  /** Default: one made from the name, the same on every run. */
  readonly id?: string;
  /** Default: four names that lead nowhere. */
  readonly nameServers?: readonly string[];
}

/** One hosted zone twice: as accepted, and as it is once its changes have reached every name server. */
interface StoredZone {
  readonly accepted: Zone;
  readonly inSync: Zone;
  readonly pending: { readonly staged: StagedNames; readonly submittedAtMs: number }[];
}

interface StoredChange {
  readonly submittedAtMs: number;
  readonly comment: string | undefined;
}

export interface Route53Store {
  readonly zonesById: Map<string, StoredZone>;
  readonly zonesByName: Map<string, StoredZone>;
  readonly changes: Map<string, StoredChange>;
  readonly inSyncAfterMs: number;
}

/** Which of its two states a reader of a zone is shown. */
export type Visibility = "accepted" | "insync";

/** @param inSyncAfterMs how long a change stays PENDING; `Infinity` for always. */
export function createStore(zones: readonly HostedZoneOptions[], inSyncAfterMs = 0): Route53Store {
  const store: Route53Store = {
    zonesById: new Map(),
    zonesByName: new Map(),
    changes: new Map(),
    inSyncAfterMs,
  };
  for (const zone of zones) addHostedZone(store, zone);
  return store;
}

/** @returns the new zone's id. @throws where its name or id is taken: one server cannot answer for both. */
export function addHostedZone(store: Route53Store, options: HostedZoneOptions): string {
  const { nameServers = NAME_SERVERS } = options;
  const name = parseName(options.name);
  const id = options.id ?? makeId("Z", name);
  const taken = store.zonesByName.get(name) ?? store.zonesById.get(id);
  if (taken) {
    const other = `${taken.accepted.name} (${taken.accepted.id})`;
    throw new Error(`hosted zone ${name} (${id}): expected another name and id than those of ${other}`);
  }
  const create = () => createZone({ id, name, nameServers });
  const zone = { accepted: create(), inSync: create(), pending: [] };
  store.zonesById.set(id, zone);
  store.zonesByName.set(name, zone);
  return id;
}

/** As by hand in the console: the zone and all in it are gone at once. @throws NoSuchHostedZone */
export function deleteHostedZone(store: Route53Store, id: string): void {
  const { accepted } = storedZone(store, id);
  store.zonesById.delete(accepted.id);
  store.zonesByName.delete(accepted.name);
}

/** The zone as last accepted, by its id with or without `/hostedzone/`. @throws NoSuchHostedZone */
export function zoneWithId(store: Route53Store, id: string | undefined): Zone {
  return storedZone(store, id).accepted;
}

/** The zone with the longest apex at or above a canonical name, or nothing. */
export function zoneHolding(
  store: Route53Store,
  name: string,
  { visibility, nowMs }: { readonly visibility: Visibility; readonly nowMs: number },
): Zone | undefined {
  let apex = name;
  while (apex !== "." && !store.zonesByName.has(apex)) apex = parentOf(apex);
  const zone = store.zonesByName.get(apex);
  if (!zone) return undefined;
  settle(store, zone, nowMs);
  return visibility === "insync" ? zone.inSync : zone.accepted;
}

/**
 * Applies the whole batch or nothing.
 * @returns the change, which is PENDING, always, as in AWS's own answer.
 * @throws NoSuchHostedZone, and what `planChangeBatch` throws.
 */
export function submitChangeBatch(
  store: Route53Store,
  { id, changeBatch, nowMs }: { id: string | undefined; changeBatch: ChangeBatch | undefined; nowMs: number },
): ChangeInfo {
  const zone = storedZone(store, id);
  const staged = planChangeBatch(zone.accepted, changeBatch);
  applyStaged(zone.accepted, staged);
  settle(store, zone, nowMs);
  zone.pending.push({ staged, submittedAtMs: nowMs });
  const changeId = makeId("C", `${zone.accepted.id} ${store.changes.size}`);
  store.changes.set(changeId, { submittedAtMs: nowMs, comment: changeBatch?.Comment });
  return { ...describeChange(store, changeId, nowMs), Status: "PENDING" };
}

/** A change by its id, with or without `/change/`. @throws NoSuchChange */
export function describeChange(store: Route53Store, id: string | undefined, nowMs: number): ChangeInfo {
  const changeId = bareId(id);
  const change = store.changes.get(changeId);
  if (!change) throw noSuchChange(changeId);
  return {
    Id: `/change/${changeId}`,
    Status: isInSync(store, change, nowMs) ? "INSYNC" : "PENDING",
    SubmittedAt: new Date(change.submittedAtMs),
    Comment: change.comment,
  };
}

function storedZone(store: Route53Store, id: string | undefined): StoredZone {
  const zone = store.zonesById.get(bareId(id));
  if (!zone) throw noSuchHostedZone(bareId(id));
  return zone;
}

function settle(store: Route53Store, { inSync, pending }: StoredZone, nowMs: number): void {
  for (let next = pending[0]; next && isInSync(store, next, nowMs); next = pending[0]) {
    applyStaged(inSync, next.staged);
    pending.shift();
  }
}

function isInSync(store: Route53Store, { submittedAtMs }: { submittedAtMs: number }, nowMs: number): boolean {
  return nowMs - submittedAtMs >= store.inSyncAfterMs;
}
