import { setTimeout as sleep } from "node:timers/promises";
import type { KinesisStreamEvent } from "aws-lambda";
import { assert, describe } from "../../describe.ts";
import { cleanUp, start } from "../lambda/fixture.ts";
import { startEventSourceMapping } from "./event-source-mapping.ts";
import { doneBy, type Harness, perRecord, startHarness, textsOf } from "./harness.ts";

const texts = (count: number, prefix = "r") =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const waitFor = async (isTrue: () => boolean) => {
  const deadline = Date.now() + 20_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error("expected something to happen within 20 s");
    await sleep(5);
  }
};

describe("an event source mapping", (test) => {
  let harness: Harness;
  test.before(async () => {
    harness = await startHarness(12);
  });
  test.after(async () => {
    await harness.close();
    await cleanUp();
  });

  test("gives the function Lambda's event", async () => {
    const stream = harness.takeStream();
    const before = Date.now() / 1000;
    const [sequenceNumber] = await harness.put(stream, ['{"ip":"192.0.2.1"}']);
    const mapping = await harness.map(stream, await start("return event;"));
    await mapping.idle();
    const { result, shardId } = mapping.deliveries[0] ?? {};
    assert.ok(result?.ok);
    const event = result.payload as KinesisStreamEvent;
    const arrival = event.Records[0]?.kinesis.approximateArrivalTimestamp ?? 0;
    assert.ok(arrival >= before - 0.01 && arrival <= Date.now() / 1000, `arrival: ${arrival}`);
    assert.is(shardId, "shardId-000000000000");
    assert.equal(event, {
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: "1.0",
            partitionKey: "host.example.",
            sequenceNumber,
            data: "eyJpcCI6IjE5Mi4wLjIuMSJ9",
            approximateArrivalTimestamp: arrival,
          },
          eventSource: "aws:kinesis",
          eventVersion: "1.0",
          eventID: `shardId-000000000000:${sequenceNumber}`,
          eventName: "aws:kinesis:record",
          invokeIdentityArn: "arn:aws:iam::000000000000:role/updater",
          awsRegion: "us-east-1",
          eventSourceARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
        },
      ],
    });
  });

  test("starts with the oldest record at TRIM_HORIZON and takes no more than BatchSize at once", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, texts(25));
    const mapping = await harness.map(stream, await start(""), { settings: { batchSize: 10 } });
    await mapping.idle();
    assert.equal(
      mapping.deliveries.map((delivery) => textsOf(delivery).length),
      [10, 10, 5],
    );
    assert.equal(mapping.deliveries.flatMap(textsOf), texts(25));
  });

  test("starts with the next record at LATEST", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["old"]);
    const mapping = await harness.map(stream, await start(""), { settings: { startingPosition: "LATEST" } });
    await harness.put(stream, ["new"]);
    await mapping.idle();
    assert.equal(mapping.deliveries.map(textsOf), [["new"]]);
  });

  test("gathers a batch until its window is over", async () => {
    const stream = harness.takeStream();
    let now = Date.now();
    const mapping = await harness.map(stream, await start(""), {
      now: () => now,
      settings: { maximumBatchingWindowInSeconds: 300 },
    });
    let isIdle = false;
    for (const text of texts(3)) {
      await harness.put(stream, [text]);
      await sleep(30); // Several polls.
    }
    const idle = mapping.idle().then(() => {
      isIdle = true;
    });
    await sleep(30);
    assert.equal(mapping.deliveries, []);
    assert.not(isIdle);
    now += 300_000;
    await idle;
    assert.equal(mapping.deliveries.map(textsOf), [texts(3)]);
  });

  test("does not wait for the window when the batch is full", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, texts(5));
    const mapping = await harness.map(stream, await start(""), {
      settings: { maximumBatchingWindowInSeconds: 300, batchSize: 2 },
    });
    await waitFor(() => mapping.deliveries.length === 2);
    assert.equal(mapping.deliveries.map(textsOf), [
      ["r0", "r1"],
      ["r2", "r3"],
    ]);
  });

  test("lets a shard that fails not hold up another, and keeps the order of each", async () => {
    const stream = harness.takeStream();
    const local = await start(
      perRecord("throw", `if (text === "a2" && attempt < 4) throw new Error("not yet");`),
    );
    await harness.put(stream, texts(5, "a"), 0);
    await harness.put(stream, texts(5, "b"), 1);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let isRetrying = false;
    const untilReleased = (signal: AbortSignal) => {
      isRetrying = true;
      return Promise.race([released, sleep(60_000, undefined, { signal })]);
    };
    const mapping = await harness.map(stream, local, {
      settings: { batchSize: 1 },
      sleep: (ms, signal) => (ms === 7 ? untilReleased(signal) : sleep(ms, undefined, { signal })),
      retryDelay: { first: 7, longest: 7 },
    });
    await waitFor(() => isRetrying && doneBy(local).includes("b4"));
    assert.equal(
      doneBy(local).filter((text) => text.startsWith("a")),
      ["a0", "a1"],
    );
    release();
    await mapping.idle();
    assert.equal(
      doneBy(local).filter((text) => text.startsWith("a")),
      texts(5, "a"),
    );
    assert.equal(
      doneBy(local).filter((text) => text.startsWith("b")),
      texts(5, "b"),
    );
    const delivered = mapping.deliveries
      .filter(({ shardId }) => shardId === "shardId-000000000000")
      .flatMap(textsOf);
    assert.is(delivered.filter((text) => text === "a2").length > 3, true);
    assert.equal(
      delivered.filter((text, index) => text !== delivered[index - 1]),
      texts(5, "a"),
    );
  });

  test("stops between two retries when it is closed", async () => {
    const stream = harness.takeStream();
    const local = await start(`throw new Error("always");`);
    await harness.put(stream, ["r0", "r1"]);
    const mapping = await harness.map(stream, local, { retryDelay: { first: 60_000, longest: 60_000 } });
    await waitFor(() => mapping.deliveries.length === 1);
    const idle = mapping.idle();
    await mapping.close();
    await idle;
    assert.is(mapping.deliveries.length, 1);
    await mapping.idle();
  });

  test("stops after the invocation under way when it is closed", async () => {
    const stream = harness.takeStream();
    const local = await start(
      perRecord("throw", "console.log(text); await new Promise((done) => setTimeout(done, 200));"),
    );
    await harness.put(stream, ["r0", "r1"]);
    const mapping = await harness.map(stream, local, { settings: { batchSize: 1 } });
    await waitFor(() => local.logLines.length > 0);
    await mapping.close();
    assert.equal(mapping.deliveries.map(textsOf), [["r0"]]);
    assert.equal(doneBy(local), ["r0"]);
  });

  test("does not go on with the halves of a batch when it is closed", async () => {
    const stream = harness.takeStream();
    const local = await start(
      `console.log("busy"); await new Promise((done) => setTimeout(done, 200)); throw new Error("bad");`,
    );
    await harness.put(stream, ["r0", "r1"]);
    const mapping = await harness.map(stream, local, { settings: { bisectBatchOnFunctionError: true } });
    await waitFor(() => local.logLines.length > 0);
    await mapping.close();
    assert.equal(mapping.deliveries.map(textsOf), [["r0", "r1"]]);
  });

  test("refuses a stream that is not there", async () => {
    await assert.rejects(
      startEventSourceMapping({
        kinesis: harness.kinesis,
        streamName: "nowhere",
        function: { invoke: () => Promise.reject(new Error("not invoked")), functionArn: "arn" },
        settings: { startingPosition: "LATEST" },
      }),
      /^event source mapping: stream nowhere: .*nowhere.* not found/,
    );
  });
});
