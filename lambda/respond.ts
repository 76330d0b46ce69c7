import type { KinesisStreamBatchResponse } from "aws-lambda";
import type { Arrival } from "./decode.ts";

/**
 * The answer to the event source mapping: the lowest sequence number that is not applied, or nothing. Lambda
 * retries from the lowest it is told, so that one says it all.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function respond(unapplied: readonly Arrival[]): KinesisStreamBatchResponse {
  const [first, ...others] = unapplied;
  if (!first) return { batchItemFailures: [] };
  const lowest = others.reduce((low, other) => (other.position < low.position ? other : low), first);
  return { batchItemFailures: [{ itemIdentifier: lowest.sequenceNumber }] };
}
