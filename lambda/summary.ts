import { NO_TIME, type Outcome } from "./apply.ts";
import type { Arrival } from "./decode.ts";
import type { RefuseReason } from "./plan.ts";
import type { Failure } from "./route53-failure.ts";

/** What an invocation did, in numbers. Every record is counted once, besides calls. */
export interface Summary {
  readonly records: number;
  readonly applied: number;
  /** Replaced by a later update of the same name in the batch, which was applied. */
  readonly superseded: number;
  readonly refused: number;
  /** Refused by Route 53 for good. */
  readonly failed: number;
  /** To be delivered again. */
  readonly unapplied: number;
  readonly refusedByReason: ReadonlyMap<string, number>;
  readonly route53Calls: number;
  /** From arrival on the stream to acceptance by Route 53, of applied updates. */
  readonly latenciesMs: readonly number[];
  /** Devices that asked for something that was accepted, from them or from another. */
  readonly devices: ReadonlySet<string>;
}

/** Counts refusals and outcomes, and remembers what must be delivered again. */
export interface Tally {
  refuse(reason: RefuseReason, count: number): void;
  settle(outcome: Outcome): void;
  unapplied(): readonly Arrival[];
  /** Whether time, or what the account allows in it, ran out for some batch after others were settled. */
  isCutShort(): boolean;
  summarize(totals: { readonly records: number; readonly route53Calls: number }): Summary;
}

export function createTally(): Tally {
  const refusedByReason = new Map<string, number>();
  const latenciesMs: number[] = [];
  const devices = new Set<string>();
  const unapplied: Arrival[] = [];
  let superseded = 0;
  let failed = 0;
  let isOutOfTime = false;
  const accept = ({ batch, atMs }: Extract<Outcome, { kind: "applied" }>) => {
    for (const { winner, members } of batch.rrsets) {
      superseded += members.length - 1;
      latenciesMs.push(atMs - winner.arrival.arrivedAtMs);
      for (const { update } of members) if (update.device !== undefined) devices.add(update.device);
    }
  };
  return {
    refuse(reason, count) {
      if (count > 0) refusedByReason.set(reason, (refusedByReason.get(reason) ?? 0) + count);
    },
    settle(outcome) {
      const members = outcome.batch.rrsets.flatMap((rrset) => rrset.members);
      if (outcome.kind === "applied") accept(outcome);
      if (outcome.kind === "failed") failed += members.length;
      if (outcome.kind === "unapplied") isOutOfTime ||= isForLackOfTime(outcome.failure);
      if (outcome.kind === "unapplied") unapplied.push(...members.map(({ arrival }) => arrival));
    },
    unapplied: () => unapplied,
    isCutShort: () => isOutOfTime && latenciesMs.length + failed > 0,
    summarize(totals) {
      const refused = refusedByReason.values().reduce((sum, count) => sum + count, 0);
      const counts = {
        applied: latenciesMs.length,
        superseded,
        refused,
        failed,
        unapplied: unapplied.length,
      };
      return { ...totals, ...counts, refusedByReason, latenciesMs, devices };
    },
  };
}

/** Whether a later invocation has no more time for it than this one had, unless it has less to do. */
function isForLackOfTime({ reason, kind }: Failure): boolean {
  return reason === NO_TIME.reason || kind === "throttled";
}
