import type { KinesisStreamBatchResponse } from "aws-lambda";
import type { Overruling } from "./coalesce.ts";
import type { Arrival } from "./decode.ts";

/**
 * The answer to the event source mapping: the sequence number from which to deliver again, or nothing. It is the
 * lowest that is not applied; or still lower, where the rest alone would give another result than the batch did:
 * an update that was overruled must not come again without the one that overruled it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function respond(
  unapplied: readonly Arrival[],
  overrulings: readonly Overruling[],
): KinesisStreamBatchResponse {
  const [first, ...others] = unapplied;
  if (!first) return { batchItemFailures: [] };
  let from = others.reduce((low, other) => (other.position < low.position ? other : low), first);
  const isCut = ({ winner, overruled }: Overruling) =>
    winner.position < from.position && overruled.position >= from.position;
  for (let cut = overrulings.find(isCut); cut; cut = overrulings.find(isCut)) from = cut.winner;
  return { batchItemFailures: [{ itemIdentifier: from.sequenceNumber }] };
}
