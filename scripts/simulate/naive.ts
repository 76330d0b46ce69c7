import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import type { HandlerWorld, InvocationContext } from "../../lambda/handler.ts";
import { planChanges } from "../../lambda/plan.ts";
import type { Settings } from "../../lambda/settings.ts";
import { streamRecordsOf } from "../../lambda/stream-records.ts";

/** Enough for one call and the answer. */
const RESERVE_MS = 2_000;

/** The function without coalescing: one call for each record, in order, at the same pace; the rest for a next time. */
export function createNaiveHandler(settings: Settings, { send, pace, now, sleep }: HandlerWorld) {
  const { signal } = new AbortController();
  return async (
    { Records }: KinesisStreamEvent,
    { getRemainingTimeInMillis }: Pick<InvocationContext, "getRemainingTimeInMillis">,
  ): Promise<KinesisStreamBatchResponse> => {
    for (const record of Records) {
      const { batches } = planChanges(streamRecordsOf({ Records: [record] }).records, settings);
      for (const batch of batches) {
        const waitMs = pace.delayMs(now());
        if (waitMs >= getRemainingTimeInMillis() - RESERVE_MS) {
          return { batchItemFailures: [{ itemIdentifier: record.kinesis.sequenceNumber }] };
        }
        await sleep(waitMs);
        await send(batch, signal);
        pace.ended(now());
      }
    }
    return { batchItemFailures: [] };
  };
}
