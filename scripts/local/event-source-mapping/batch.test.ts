import type { KinesisStreamRecord } from "aws-lambda";
import { assert, describe } from "../../describe.ts";
import { type Batch, countForBatch, divideByAge, retryDelayMs } from "./batch.ts";
import { batchOf, show, streamRecord, streamRecords } from "./fixture.ts";

describe("countForBatch", (test) => {
  test("waits for more until the window is over", () => {
    assert.is(countForBatch(streamRecords(3), 10, false), 0);
    assert.is(countForBatch(streamRecords(3), 10, true), 3);
    assert.is(countForBatch([], 10, true), 0);
  });

  test("does not wait when the batch is full", () => {
    assert.is(countForBatch(streamRecords(10), 10, false), 10);
    assert.is(countForBatch(streamRecords(25), 10, false), 10);
    assert.is(countForBatch(streamRecords(2), 1, false), 1);
  });

  test("takes at least one, though it be larger than the payload limit", () => {
    assert.is(countForBatch([streamRecord(0, "x".repeat(7_000_000)), streamRecord(1)], 10, false), 1);
  });

  test("fills an event of 6291456 bytes to the last, and none beyond", () => {
    const bytes = (list: KinesisStreamRecord[]) => Buffer.byteLength(JSON.stringify({ Records: list }));
    const all = Array.from({ length: 4 }, (_, index) => streamRecord(index, "x".repeat(1_600_000)));
    const last = all[3] as KinesisStreamRecord;
    const exact = last.kinesis.data.length - (bytes(all) - 6_291_456);
    const withLast = (length: number) => [...all.slice(0, 3), streamRecord(3, "x".repeat(length))];
    assert.is(bytes(withLast(exact)), 6_291_456);
    assert.is(countForBatch(withLast(exact), 4, false), 4);
    assert.is(countForBatch(withLast(exact + 1), 4, false), 3);
  });

  test("counts bytes, not characters", () => {
    const wide = Array.from({ length: 4 }, (_, index) => {
      const one = streamRecord(index, "x".repeat(1_000_000));
      return { ...one, kinesis: { ...one.kinesis, partitionKey: "日".repeat(300_000) } };
    });
    assert.is(countForBatch(wide, 4, true), 3);
  });
});

describe("divideByAge", (test) => {
  const now = 1_700_000_000_000;
  const aged = (...seconds: number[]): Batch => ({
    ...batchOf(1, { retryCount: 2, invokeCount: 3 }),
    streamRecords: seconds.map((age, index) => streamRecord(index, "e30=", (now - age * 1000) / 1000)),
  });
  const divide = (batch: Batch, maximum: number) => {
    const { expired, live } = divideByAge(batch, now, maximum);
    return [expired && show(expired), live && show(live)];
  };

  test("keeps all without a limit", () => {
    assert.equal(divide(aged(1e6, 0), -1), [undefined, "0 1 (retry 2, invoked 3)"]);
  });

  test("takes off, from the oldest, those that reached the age", () => {
    assert.equal(divide(aged(61, 60, 59.999, 0), 60), [
      "0 1 (retry 2, invoked 3)",
      "2 3 (retry 2, invoked 3)",
    ]);
    assert.equal(divide(aged(59, 58), 60), [undefined, "0 1 (retry 2, invoked 3)"]);
    assert.equal(divide(aged(90, 70), 60), ["0 1 (retry 2, invoked 3)", undefined]);
  });
});

describe("retryDelayMs", (test) => {
  test("doubles from the first to the longest", () => {
    const delays = [0, 1, 2, 3, 4, 5, 1e6].map((count) => retryDelayMs(count, { first: 100, longest: 1000 }));
    assert.equal(delays, [100, 100, 200, 400, 800, 1000, 1000]);
  });
});
