// Records and batches for tests. A record is known by its index.
import type { KinesisStreamRecord } from "aws-lambda";
import type { Batch } from "./batch.ts";

// Real sequence numbers: beyond a number's precision, and two lengths, so that text order is not their order.
const FIRST = 9_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_999_998n;
export const sequenceNumber = (index: number) => String(FIRST + BigInt(index));

export function streamRecord(
  index: number,
  data = "e30=",
  arrivalSeconds = 1_700_000_000,
): KinesisStreamRecord {
  return {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: "host.example.",
      sequenceNumber: sequenceNumber(index),
      data,
      approximateArrivalTimestamp: arrivalSeconds,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `shardId-000000000000:${sequenceNumber(index)}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: "arn:aws:iam::000000000000:role/updater",
    awsRegion: "eu-west-1",
    eventSourceARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/updates",
  };
}

export const streamRecords = (count: number) =>
  Array.from({ length: count }, (_, index) => streamRecord(index));
export const indexOf = (one: KinesisStreamRecord) => Number(BigInt(one.kinesis.sequenceNumber) - FIRST);
export const batchOf = (count: number, counts: Partial<Batch> = {}): Batch => ({
  streamRecords: streamRecords(count),
  retryCount: 0,
  invokeCount: 0,
  ...counts,
});

/** What a function returns that reports these identifiers. */
export const failures = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

/** A batch as text: the records by their index, then the counts. */
export function show(batch: Batch): string {
  return `${batch.streamRecords.map(indexOf).join(" ")} (retry ${batch.retryCount}, invoked ${batch.invokeCount})`;
}
