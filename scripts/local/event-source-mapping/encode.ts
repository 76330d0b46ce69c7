// The two documents an event source mapping sends: the function's event and the on-failure destination's message.
import type { _Record } from "@aws-sdk/client-kinesis";
import type { KinesisStreamRecord } from "aws-lambda";
import { arrivalMs, type Batch } from "./batch.ts";

export interface EventSource {
  readonly region: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly functionArn: string;
  readonly executionRoleArn: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html, in the order of a real event's keys. */
export function encodeStreamRecord(fromStream: _Record, source: EventSource): KinesisStreamRecord {
  const { PartitionKey = "", SequenceNumber = "", Data = new Uint8Array() } = fromStream;
  return {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: PartitionKey,
      sequenceNumber: SequenceNumber,
      data: Buffer.from(Data).toString("base64"),
      // In seconds, with the milliseconds as its fraction.
      approximateArrivalTimestamp: (fromStream.ApproximateArrivalTimestamp?.getTime() ?? 0) / 1000,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `${source.shardId}:${SequenceNumber}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: source.executionRoleArn,
    awsRegion: source.region,
    eventSourceARN: source.streamArn,
  };
}

export type Discard = {
  readonly batch: Batch;
  readonly requestId: string;
  readonly nowMs: number;
} & (
  | { readonly condition: "RecordAgeExceeded" }
  /** `functionError` is null where the function returned and reported failures. */
  | { readonly condition: "RetryAttemptsExhausted"; readonly functionError: "Unhandled" | null }
);

/** The body of the message to an SQS on-failure destination. It has the records' numbers, not their data. */
export interface InvocationRecord {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: Discard["condition"];
    readonly approximateInvokeCount: number;
  };
  /** Absent for records that were too old. */
  readonly responseContext?: {
    readonly statusCode: 200;
    readonly executedVersion: "$LATEST";
    readonly functionError: "Unhandled" | null;
  };
  readonly version: "1.0";
  readonly timestamp: string;
  readonly KinesisBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
    readonly approximateArrivalOfFirstRecord: string;
    readonly approximateArrivalOfLastRecord: string;
    readonly batchSize: number;
    readonly streamArn: string;
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
export function encodeInvocationRecord(discard: Discard, source: EventSource): InvocationRecord {
  const { streamRecords, invokeCount } = discard.batch;
  const [first] = streamRecords;
  const last = streamRecords.at(-1);
  if (!first || !last) throw new Error("invocation record: expected records, got none");
  const arrival = (streamRecord: KinesisStreamRecord) => new Date(arrivalMs(streamRecord)).toISOString();
  return {
    requestContext: {
      requestId: discard.requestId,
      functionArn: source.functionArn,
      condition: discard.condition,
      // Lambda says 1 of records that were too old before the function could be invoked with them.
      approximateInvokeCount: Math.max(1, invokeCount),
    },
    ...(discard.condition === "RetryAttemptsExhausted" && {
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST",
        functionError: discard.functionError,
      },
    }),
    version: "1.0",
    timestamp: new Date(discard.nowMs).toISOString(),
    KinesisBatchInfo: {
      shardId: source.shardId,
      startSequenceNumber: first.kinesis.sequenceNumber,
      endSequenceNumber: last.kinesis.sequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: streamRecords.length,
      streamArn: source.streamArn,
    },
  };
}
