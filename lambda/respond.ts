import type { KinesisStreamBatchResponse } from "aws-lambda";
import type { Overruling } from "./coalesce.ts";
import type { Arrival } from "./decode.ts";

/** What an invocation leaves behind. */
export interface Rest {
  /** The first record of the event. */
  readonly start: Arrival | undefined;
  readonly unapplied: readonly Arrival[];
  readonly overrulings: readonly Overruling[];
  /** Whether time ran out for some call after others were made. */
  readonly isCutShort: boolean;
}

/** The record from which to deliver again. */
export interface Return {
  readonly from: Arrival | undefined;
  /** Whether an update that was overruled comes again without the one that overruled it. */
  readonly isAlone: boolean;
}

/**
 * Decides from where to deliver again: the lowest that is not applied; or still lower, where the rest alone would
 * give another result than the batch did: an update that was overruled, or was a replay, must not come again without
 * the one that overruled it. But an event that there is no time for must become shorter each time, or it would come again for
 * ever: then even that is not a reason to return to its start.
 */
export function returnPoint({ start, unapplied, overrulings, isCutShort }: Rest): Return {
  const [first, ...others] = unapplied;
  if (!first) return { from: undefined, isAlone: false };
  const lowest = others.reduce((low, other) => (other.position < low.position ? other : low), first);
  let from = lowest;
  // From the last winner to the first, once is enough: having gone back to one, no later one lies before it.
  const fromTheEnd = overrulings.toSorted((a, b) => b.winner.position - a.winner.position);
  for (const { winner, overruled } of fromTheEnd) {
    if (winner.position < from.position && overruled.position >= from.position) from = winner;
  }
  const isAlone = isCutShort && from !== lowest && from.position === start?.position;
  return { from: isAlone ? lowest : from, isAlone };
}

/**
 * The answer to the event source mapping.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function respond({ from }: Return): KinesisStreamBatchResponse {
  return { batchItemFailures: from ? [{ itemIdentifier: from.sequenceNumber }] : [] };
}
