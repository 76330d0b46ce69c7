// What a Kinesis event source mapping does next with the records of one shard: a decision as a value.
// https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
import type { Batch } from "./batch.ts";
import { countSucceeded } from "./response.ts";
import type { EventSourceMappingSettings } from "./settings.ts";

/** `refused`: the function was not invoked, it was throttled. */
export type Outcome =
  | { readonly kind: "returned"; readonly payload: unknown }
  | { readonly kind: "failed" }
  | { readonly kind: "refused" };

export type Plan =
  /** Deliver these in this order, none where all is done, and then what came after them. */
  | { readonly kind: "continue"; readonly batches: readonly Batch[] }
  /** Deliver this again after a delay; nothing of this shard before it. */
  | { readonly kind: "retry"; readonly batch: Batch }
  /** Give up on this and tell the on-failure destination. */
  | { readonly kind: "discard"; readonly batch: Batch };

function bisect({ streamRecords, ...counts }: Batch): readonly Batch[] {
  const middle = Math.ceil(streamRecords.length / 2);
  return [streamRecords.slice(0, middle), streamRecords.slice(middle)].map((half) => ({
    streamRecords: half,
    ...counts,
  }));
}

/**
 * What follows an invocation with `batch`. With BisectBatchOnFunctionError a batch is split where the function
 * reports its first failure, or in two where nothing of it succeeded, and splitting uses none of
 * MaximumRetryAttempts; everything else that is delivered again does. Throttling does not.
 */
export function planNext(batch: Batch, outcome: Outcome, settings: EventSourceMappingSettings): Plan {
  if (outcome.kind === "refused") return { kind: "retry", batch };
  const { streamRecords, retryCount } = batch;
  const isReporting = settings.functionResponseTypes.includes("ReportBatchItemFailures");
  const whenReturned = (payload: unknown) =>
    isReporting ? countSucceeded(payload, streamRecords) : streamRecords.length;
  const succeeded = outcome.kind === "returned" ? whenReturned(outcome.payload) : 0;
  const rest = {
    streamRecords: streamRecords.slice(succeeded),
    retryCount,
    invokeCount: batch.invokeCount + 1,
  };

  if (rest.streamRecords.length === 0) return { kind: "continue", batches: [] };
  if (settings.bisectBatchOnFunctionError) {
    if (succeeded > 0) return { kind: "continue", batches: [rest] };
    if (rest.streamRecords.length > 1) return { kind: "continue", batches: bisect(rest) };
  }
  const { maximumRetryAttempts } = settings;
  if (maximumRetryAttempts !== -1 && retryCount >= maximumRetryAttempts)
    return { kind: "discard", batch: rest };
  return { kind: "retry", batch: { ...rest, retryCount: retryCount + 1 } };
}
