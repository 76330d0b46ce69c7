import type { AuthorizedUpdate } from "./authorize.ts";
import type { Fqdn } from "./contract/fqdn.ts";
import type { Arrival } from "./decode.ts";

/** All updates of one name and type in a batch, and the one that wins. Its RRset becomes what the winner says. */
export interface RrsetUpdates {
  readonly winner: AuthorizedUpdate;
  /** Every update of the RRset, in the order of the shard: all that a later fold needs to know. */
  readonly members: readonly AuthorizedUpdate[];
  /** What decides otherwise where only the end of the shard comes again. Two for each member, at most. */
  readonly overrulings: readonly Overruling[];
}

/** That an update counts for nothing because of one before it in the shard. */
export interface Overruling {
  readonly winner: Arrival;
  readonly overruled: Arrival;
}

const NO_OVERRULINGS: readonly Overruling[] = [];

/**
 * Folds a batch to one update per name and type.
 * - What a device signed counts once, where it first stands in the shard: sent again, it says nothing new.
 * - Of the updates that one device signed, the one issued last counts; of one instant, the last in the shard.
 * - Among devices, and without signatures, the last in the shard counts. Clocks of different devices are not
 *   compared: the one that is ahead would win for that long, whichever device moved last.
 *
 * Who wins does not depend on the order of the argument, and folding again changes nothing: each rule picks the
 * first or last of a total order. RRsets come in the order in which the argument first names them: what is first in
 * the shard is then applied first, so that an invocation cut short has still moved on.
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
  if (only && group.length === 1) return { winner: only, members: group, overrulings: NO_OVERRULINGS };
  const members = group.toSorted(byPosition);
  const statements = new Map<unknown, AuthorizedUpdate>();
  for (const member of members) {
    const key = statementOf(member);
    if (!statements.has(key)) statements.set(key, member);
  }
  const latest = new Map<string | undefined, AuthorizedUpdate>();
  for (const statement of statements.values()) {
    const { device } = statement.update;
    const current = latest.get(device);
    if (!current || issuedAtMs(statement) >= issuedAtMs(current)) latest.set(device, statement);
  }
  const winner = [...latest.values()].reduce((last, other) => (byPosition(last, other) < 0 ? other : last));
  return { winner, members, overrulings: overrulingsAmong(members, { statements, latest }) };
}

/**
 * What a signed update says: the same signature is of the same fields, and has one spelling in the contract. What
 * nobody signed stands for itself only.
 */
function statementOf(member: AuthorizedUpdate): unknown {
  return (member.isSigned && member.update.signature) || member;
}

/**
 * When a device wrote an update, for comparison with others of the same device. Nothing is written after it has
 * arrived: who says so has a clock that is ahead, and once that is set right, it would seem to go back.
 *
 * With a right clock the bound changes nothing. With one that is ahead, what was sent in order keeps that order: the
 * newer update has also arrived later. An older one wins only where its first arrival is after the newer one's, by
 * delay, or because it was in an earlier batch and this is a replay; and only where the clock was ahead by more than
 * the two are apart. A replayer gains nothing by that: while it is fresh, a replay in a batch of its own wins, too.
 */
function issuedAtMs({ update: { issuedAt }, arrival, isSigned }: AuthorizedUpdate): number {
  // Without proof, the place alone decides.
  if (!isSigned || issuedAt === undefined) return 0;
  return Math.min(Date.parse(issuedAt), arrival.arrivedAtMs);
}

interface Decisions {
  /** Every statement at its first place. */
  readonly statements: ReadonlyMap<unknown, AuthorizedUpdate>;
  /** By device, what it issued last. */
  readonly latest: ReadonlyMap<string | undefined, AuthorizedUpdate>;
}

/** Every replay with its first place, and every update with an earlier one that its device issued later. */
function overrulingsAmong(
  members: readonly AuthorizedUpdate[],
  { statements, latest }: Decisions,
): readonly Overruling[] {
  const overrulings: Overruling[] = [];
  for (const member of members) {
    if (!member.isSigned) continue;
    const first = statements.get(statementOf(member));
    const last = latest.get(member.update.device);
    for (const other of first === last ? [first] : [first, last]) {
      if (other && byPosition(other, member) < 0) {
        overrulings.push({ winner: other.arrival, overruled: member.arrival });
      }
    }
  }
  return overrulings;
}

function byPosition(a: AuthorizedUpdate, b: AuthorizedUpdate): number {
  return a.arrival.position - b.arrival.position;
}
