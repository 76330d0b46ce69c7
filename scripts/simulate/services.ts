// The services around the function by their own documented limits, in virtual time. They share no number and no
// code with the function, so that they contradict it where it asks for too much.
import type { KinesisStreamEvent } from "aws-lambda";
import type { ChangeBatch } from "../../lambda/change-batch.ts";
import type { SendChangeBatch } from "../../lambda/route53.ts";
import { type Delivery, kinesisEvent, sequenceNumberAt } from "../bench/lambda/event.ts";
import type { VirtualClock } from "./clock.ts";
import { sdkError } from "./route53.ts";

/** Says whether one more at an instant is within so many in any period, and counts it, allowed or not. */
export function createSlidingWindow(most: number, periodMs: number): (nowMs: number) => boolean {
  const latest = new Float64Array(most).fill(Number.NEGATIVE_INFINITY);
  let count = 0;
  return (nowMs) => {
    const place = count++ % most;
    const isAllowed = nowMs - (latest[place] ?? 0) >= periodMs;
    latest[place] = nowMs;
    return isAllowed;
  };
}

/** How often Route 53 was called, and what it made of it. */
export interface Route53Counts {
  calls: number;
  /** Beyond five calls in a second. */
  throttled: number;
  /** Larger than a request may be. */
  refused: number;
}

/**
 * Route 53 as an account sees it. A call takes 100 ms, and is judged half-way.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
 * @param accepted is told of each batch that was
 */
export function createRoute53Model(clock: VirtualClock, accepted: (batch: ChangeBatch) => void) {
  const isInRate = createSlidingWindow(5, 1_000);
  const counts: Route53Counts = { calls: 0, throttled: 0, refused: 0 };
  const judge = (batch: ChangeBatch): Error | undefined => {
    counts.calls += 1;
    if (!isInRate(clock.now())) {
      counts.throttled += 1;
      return sdkError("Throttling", 400, "Rate exceeded");
    }
    const values = batch.rrsets.map(({ winner }) => winner.update.address.text);
    const characters = values.reduce((sum, value) => sum + value.length, 0);
    if (2 * values.length <= 1_000 && 2 * characters <= 32_000) return undefined;
    counts.refused += 1;
    return sdkError("InvalidChangeBatch", 400);
  };
  const send: SendChangeBatch = async (batch) => {
    await clock.sleep(50);
    const error = judge(batch);
    await clock.sleep(50);
    if (error) throw error;
    accepted(batch);
    return `C${counts.calls}`;
  };
  return { send, counts };
}

/**
 * One shard, and Lambda that polls it: at most 1,000 records and one poll in any second.
 * https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 * @param payloadOf the data of the nth record
 */
export function createShardModel(payloadOf: (position: number) => string) {
  const arrivedAtMs: number[] = [];
  const isInRate = createSlidingWindow(1_000, 1_000);
  const isInPollRate = createSlidingWindow(1, 1_000);
  let polled = 0;
  const deliveryOf = (position: number): Delivery => ({
    data: payloadOf(position),
    arrivedAtMs: arrivedAtMs[position] ?? 0,
    sequenceNumber: sequenceNumberAt(position),
  });
  return {
    /** Takes the next record. */
    put(nowMs: number): void {
      if (!isInRate(nowMs))
        throw new Error(`expected at most 1000 records a second, got more at ${nowMs} ms`);
      arrivedAtMs.push(nowMs);
    },
    /** The next records for an invocation: as many as arrived, as Lambda gives to one, and as `batchSize` says. */
    poll(nowMs: number, batchSize: number): KinesisStreamEvent {
      if (!isInPollRate(nowMs)) throw new Error(`expected at most one poll a second, got one at ${nowMs} ms`);
      const fresh = arrivedAtMs.slice(polled, polled + Math.min(batchSize, MOST_RECORDS));
      const arrived = fresh.filter((atMs) => atMs <= nowMs);
      const event = cutToSize(kinesisEvent(arrived.map((_, index) => deliveryOf(polled + index))));
      polled += event.Records.length;
      return event;
    },
  };
}

const MOST_RECORDS = 10_000;
/** A synchronous request to Lambda. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_EVENT_BYTES = 6_291_456;

function cutToSize({ Records }: KinesisStreamEvent): KinesisStreamEvent {
  let bytes = '{"Records":[]}'.length;
  const tooMany = Records.findIndex((record) => {
    bytes += JSON.stringify(record).length + 1;
    return bytes > MOST_EVENT_BYTES;
  });
  return { Records: tooMany < 0 ? Records : Records.slice(0, tooMany) };
}
