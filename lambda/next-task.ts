import type { ChangeBatch } from "./change-batch.ts";
import type { Task } from "./follow-up.ts";
import type { Zone } from "./zone.ts";

/** What decides whose turn it is, besides the tasks. */
export interface Turn {
  /** The soonest that a call can be made. */
  readonly soonestMs: number;
  /** Whether a zone may refuse all that is left of it. */
  readonly isInDoubt: (zone: Zone) => boolean;
}

/**
 * The task to try next: of those that can be tried as soon as any, a whole batch, as no zone waits for the halvings
 * of another. Then a name of a zone in doubt, as one zone after the other is soon settled, and many in turn are not. Then the part with the lowest record of the shard: an invocation that is cut short has then settled
 * the first records, and what is delivered again is less, however many names are bad.
 */
export function nextTask(tasks: readonly Task[], { soonestMs, isInDoubt }: Turn): Task | undefined {
  const earliestMs = tasks.reduce(
    (low, { notBeforeMs }) => Math.min(low, notBeforeMs),
    Number.POSITIVE_INFINITY,
  );
  const due = tasks.filter(({ notBeforeMs }) => notBeforeMs <= Math.max(earliestMs, soonestMs));
  const inDoubt = due.filter(({ batch }) => isInDoubt(batch.zone));
  return (
    due.find(({ partOf }) => partOf === undefined) ??
    inDoubt.toSorted((a, b) => a.batch.rrsets.length - b.batch.rrsets.length)[0] ??
    due.toSorted(
      (a, b) => rejectionsOf(a) - rejectionsOf(b) || firstPosition(a.batch) - firstPosition(b.batch),
    )[0]
  );
}

function rejectionsOf({ rejections = 0 }: Task): number {
  return rejections;
}

/** Where in the shard the first record of a batch stands: its RRsets come in that order, and their members too. */
function firstPosition({ rrsets }: ChangeBatch): number {
  return rrsets[0]?.members[0]?.arrival.position ?? 0;
}
