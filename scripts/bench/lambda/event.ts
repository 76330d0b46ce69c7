import { Buffer } from "node:buffer";
import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";

/** A Kinesis record to be delivered: its bytes or text, and when it arrived. */
export interface Delivery {
  readonly data: string | Uint8Array;
  readonly arrivedAtMs?: number;
  readonly sequenceNumber?: string;
}

/** Where the sequence numbers of `kinesisEvent` begin: those of Kinesis have 56 digits. */
const FIRST_SEQUENCE_NUMBER = 49590637274395895188314144078341336168450725721336184834n;

/** The nth sequence number that `kinesisEvent` gives. */
export function sequenceNumberAt(index: number): string {
  return String(FIRST_SEQUENCE_NUMBER + BigInt(index));
}

/** The event that Lambda's event source mapping makes of records of one shard. */
export function kinesisEvent(deliveries: readonly (Delivery | string)[]): KinesisStreamEvent {
  const Records = deliveries.map((delivery, index): KinesisStreamRecord => {
    const { data, arrivedAtMs, sequenceNumber } =
      typeof delivery === "string" ? ({ data: delivery } as Delivery) : delivery;
    const number = sequenceNumber ?? sequenceNumberAt(index);
    return {
      eventVersion: "1.0",
      eventID: `shardId-000000000000:${number}`,
      kinesis: {
        approximateArrivalTimestamp: (arrivedAtMs ?? 1_543_618_890_885) / 1000,
        partitionKey: "shardId-000000000000",
        data: Buffer.from(data as string).toString("base64"),
        kinesisSchemaVersion: "1.0",
        sequenceNumber: number,
      },
      invokeIdentityArn: "arn:aws:iam::123456789012:role/updater",
      eventName: "aws:kinesis:record",
      eventSourceARN: "arn:aws:kinesis:eu-west-1:123456789012:stream/updates",
      eventSource: "aws:kinesis",
      awsRegion: "eu-west-1",
    };
  });
  return { Records };
}

/** The event of the document that this project was created from, its Python notation made JSON. */
export const plainEvent: KinesisStreamEvent = {
  Records: [
    {
      eventVersion: "1.0",
      eventID: "shardId-000000000000: 49590637274395895188314144078341336168450725721336184834",
      kinesis: {
        approximateArrivalTimestamp: 1543618890.885,
        partitionKey: "shardId-000000000000",
        data: "eyJpcCI6ICIxLjIuMy40IiwgImRvbWFpbiI6ICJzb21lZG9tYWluLmNvbSIsICJ1dWlkIjogImRiZDQyZTRjLWEzOWMtNGFjMC04MjZhLTE2OTBlNjZlZGM3ZSJ9",
        kinesisSchemaVersion: "1.0",
        sequenceNumber: "49590637274395895188314144078341336168450725721336184834",
      },
      invokeIdentityArn: "arn:aws:iam: : 123456789012:role/lambda-update-route53-kareempoc-lambda-role",
      eventName: "aws:kinesis:record",
      eventSourceARN: "arn:aws:kinesis:eu-west-1: 123456789012:stream/lambda-update-route53-kareempoc-stream",
      eventSource: "aws:kinesis",
      awsRegion: "eu-west-1",
    },
  ],
};
