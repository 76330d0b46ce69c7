import { assert, describe } from "../../describe.ts";
import { cleanUp, start } from "../lambda/fixture.ts";
import { doneBy, type Harness, perRecord, startHarness } from "./harness.ts";

describe("a mapping with limits of age, concurrency and delay", (test) => {
  let harness: Harness;
  test.before(async () => {
    harness = await startHarness(4);
  });
  test.after(async () => {
    await harness.close();
    await cleanUp();
  });

  test("does not invoke with records that are too old", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["old 1", "old 2"]);
    const mapping = await harness.map(stream, await start(""), {
      now: () => Date.now() + 60_000,
      settings: { maximumRecordAgeInSeconds: 60 },
    });
    await mapping.idle();
    assert.equal(mapping.deliveries, []);
    const [told] = mapping.discarded;
    assert.is(mapping.discarded.length, 1);
    assert.equal(
      [
        told?.requestContext.condition,
        told?.requestContext.approximateInvokeCount,
        told?.KinesisBatchInfo.batchSize,
      ],
      ["RecordAgeExceeded", 1, 2],
    );
    assert.match(told?.requestContext.requestId ?? "", /^[0-9a-f-]{36}$/);
    assert.not("responseContext" in (told ?? {}));
  });

  test("gives up on what becomes too old while it is retried, and only on that", async () => {
    const stream = harness.takeStream();
    let now = Date.now();
    await harness.put(stream, ["old"]);
    const local = await start(perRecord("throw", `if (text === "old") throw new Error("always");`));
    const mapping = await harness.map(stream, local, {
      now: () => now,
      onBatch: ({ result }) => {
        if (!result.ok) now += 25_000;
      },
      settings: { maximumRecordAgeInSeconds: 60 },
    });
    await mapping.idle();
    await harness.put(stream, ["new"]);
    now = Date.now();
    await mapping.idle();
    assert.equal(doneBy(local), ["new"]);
    assert.equal(
      mapping.discarded.map(({ requestContext }) => [
        requestContext.condition,
        requestContext.approximateInvokeCount,
      ]),
      [["RecordAgeExceeded", 3]],
    );
  });

  test("uses no retry when it is throttled", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["a"], 0);
    await harness.put(stream, ["b"], 1);
    const local = await start(perRecord("throw", "await new Promise((done) => setTimeout(done, 100));"), {
      reservedConcurrency: 1,
    });
    const mapping = await harness.map(stream, local, { settings: { maximumRetryAttempts: 0 } });
    await mapping.idle();
    assert.equal(doneBy(local).sort(), ["a", "b"]);
    assert.equal(mapping.discarded, []);
    const refused = mapping.deliveries.filter(
      ({ result }) => !result.ok && result.errorType === "TooManyRequestsException",
    );
    assert.ok(refused.length > 0);
  });

  test("waits twice as long before each retry, up to the longest", async () => {
    const stream = harness.takeStream();
    const delays: number[] = [];
    await harness.put(stream, ["a"]);
    const local = await start(perRecord("throw", `if (attempt < 6) throw new Error("not yet");`));
    const mapping = await harness.map(stream, local, {
      retryDelay: { first: 1000, longest: 5000 },
      sleep: async (ms) => {
        if (ms >= 1000) delays.push(ms);
        else await new Promise((done) => setTimeout(done, ms));
      },
    });
    await mapping.idle();
    assert.equal(delays, [1000, 2000, 4000, 5000, 5000]);
  });
});
