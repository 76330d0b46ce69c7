import type { AuthorizedUpdate } from "./authorize.ts";
import type { Fqdn } from "./contract/fqdn.ts";
import type { Arrival } from "./decode.ts";

/** All updates of one name and type in a batch, and the one that wins. Its RRset becomes what the winner says. */
export interface RrsetUpdates {
  readonly winner: AuthorizedUpdate;
  /** The latest of each sender, the winner among them: all that a later fold needs to know. */
  readonly contenders: readonly AuthorizedUpdate[];
  /** Every update of the RRset, in the order of the shard. */
  readonly members: readonly AuthorizedUpdate[];
}

/**
 * Folds a batch to one update per name and type. Of the updates that one device signed, the one issued last
 * counts, so that a late or replayed one never wins; among senders, and without signatures, the last in the shard.
 *
 * Who wins does not depend on the order of the argument, and folding again changes nothing: both rules pick the
 * greatest of a total order. RRsets come in the order in which the argument first names them: what is first in the
 * shard is then applied first, so that an invocation cut short has still moved on.
 */
export function coalesce(updates: readonly AuthorizedUpdate[]): RrsetUpdates[] {
  const byName = { A: new Map<Fqdn, AuthorizedUpdate[]>(), AAAA: new Map<Fqdn, AuthorizedUpdate[]>() };
  const groups: AuthorizedUpdate[][] = [];
  for (const authorized of updates) {
    const { rrtype, update } = authorized;
    const group = byName[rrtype].get(update.fqdn);
    if (group) {
      group.push(authorized);
    } else {
      const created = [authorized];
      byName[rrtype].set(update.fqdn, created);
      groups.push(created);
    }
  }
  return groups.map(decideGroup);
}

function decideGroup(group: readonly AuthorizedUpdate[]): RrsetUpdates {
  const [only] = group;
  if (only && group.length === 1) return { winner: only, contenders: group, members: group };
  const latest = new Map<string | undefined, AuthorizedUpdate>();
  for (const candidate of group) {
    const { device } = candidate.update;
    const current = latest.get(device);
    if (!current || isLater(candidate, current)) latest.set(device, candidate);
  }
  const contenders = [...latest.values()].toSorted(byPosition);
  const members = group.toSorted(byPosition);
  return { winner: contenders.at(-1) as AuthorizedUpdate, contenders, members };
}

/** That an update overruled one that came after it in the shard. */
export interface Overruling {
  readonly winner: Arrival;
  readonly overruled: Arrival;
}

/** Every case in which a device's update overruled a later one of the same device, which was issued before it. */
export function overrulingsIn({ contenders, members }: RrsetUpdates): Overruling[] {
  if (members.length === contenders.length) return [];
  return contenders.flatMap(({ update, arrival: winner }) =>
    members
      .filter((member) => member.update.device === update.device && member.arrival.position > winner.position)
      .map((member) => ({ winner, overruled: member.arrival })),
  );
}

/** Whether an update replaces another one of the same sender. */
function isLater(candidate: AuthorizedUpdate, current: AuthorizedUpdate): boolean {
  const [issued, before] = [candidate.update.issuedAt, current.update.issuedAt];
  // Instants in the contract's one spelling are in order as texts.
  const hasProof = candidate.isSigned && current.isSigned && issued !== undefined && before !== undefined;
  if (hasProof && issued !== before) return issued > before;
  return byPosition(candidate, current) > 0;
}

function byPosition(a: AuthorizedUpdate, b: AuthorizedUpdate): number {
  return a.arrival.position - b.arrival.position;
}
