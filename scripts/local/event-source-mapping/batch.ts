// What a Kinesis event source mapping delivers together, and when.
// https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
import type { KinesisStreamRecord } from "aws-lambda";

/** Records of one shard in the order of their sequence numbers, at least one. */
export type StreamRecords = readonly KinesisStreamRecord[];

export interface Batch {
  readonly streamRecords: StreamRecords;
  /** How many of MaximumRetryAttempts are used, and how often the function was given these records. */
  readonly retryCount: number;
  readonly invokeCount: number;
}

// Lambda's limit for the event of a synchronous invocation.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const PAYLOAD_BYTES_ALLOWED = 6_291_456;
const EMPTY_EVENT_BYTES = '{"Records":[]}'.length;

/**
 * How many of the gathered records to deliver now: 0 while there may be more for the same batch. A batch is
 * complete when it has BatchSize records, when the next would exceed the payload limit, or when the batching
 * window is over.
 */
export function countForBatch(gathered: StreamRecords, batchSize: number, isWindowOver: boolean): number {
  let bytes = EMPTY_EVENT_BYTES;
  let count = 0;
  for (const streamRecord of gathered) {
    const comma = count > 0 ? 1 : 0;
    bytes += Buffer.byteLength(JSON.stringify(streamRecord)) + comma;
    // One record alone is delivered whatever its size. It could not be made smaller.
    if (count === batchSize || (count > 0 && bytes > PAYLOAD_BYTES_ALLOWED)) return count;
    count += 1;
  }
  return isWindowOver || count === batchSize ? count : 0;
}

export function arrivalMs({ kinesis }: KinesisStreamRecord): number {
  return Math.round(kinesis.approximateArrivalTimestamp * 1000);
}

/** Divides a batch into the records that are too old to be delivered and those after them. */
export function divideByAge(
  batch: Batch,
  nowMs: number,
  maximumRecordAgeInSeconds: number,
): { readonly expired?: Batch; readonly live?: Batch } {
  if (maximumRecordAgeInSeconds === -1) return { live: batch };
  const { streamRecords } = batch;
  const isLive = (streamRecord: KinesisStreamRecord) =>
    nowMs - arrivalMs(streamRecord) < maximumRecordAgeInSeconds * 1000;
  const firstLive = streamRecords.findIndex(isLive);
  const expiredCount = firstLive === -1 ? streamRecords.length : firstLive;
  const part = (from: number, to: number) =>
    from < to ? { ...batch, streamRecords: streamRecords.slice(from, to) } : undefined;
  const expired = part(0, expiredCount);
  const live = part(expiredCount, streamRecords.length);
  return { ...(expired && { expired }), ...(live && { live }) };
}

/** Exponential: every retry waits twice as long as the one before it. */
export function retryDelayMs(
  retryCount: number,
  { first, longest }: { first: number; longest: number },
): number {
  return Math.min(longest, first * 2 ** Math.max(0, retryCount - 1));
}
