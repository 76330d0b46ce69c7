import { assert, describe } from "../../describe.ts";
import { cleanUp, start } from "../lambda/fixture.ts";
import { doneBy, type Harness, perRecord, startHarness, textsOf } from "./harness.ts";

const reporting = { functionResponseTypes: ["ReportBatchItemFailures"] as const };
const bisecting = { bisectBatchOnFunctionError: true };
const eight = ["a", "b", "c", "poison", "d", "e", "f", "g"];
const healthy = eight.filter((text) => text !== "poison");

describe("a mapping whose function fails", (test) => {
  let harness: Harness;
  test.before(async () => {
    harness = await startHarness(9);
  });
  test.after(async () => {
    await harness.close();
    await cleanUp();
  });

  test("isolates a record that throws, by bisection, and tells the destination of it alone", async () => {
    const stream = harness.takeStream();
    const numbers = await harness.put(stream, eight);
    const local = await start(perRecord("throw", `if (text === "poison") throw new Error("bad");`));
    const mapping = await harness.map(stream, local, { settings: { ...bisecting, maximumRetryAttempts: 1 } });
    await mapping.idle();
    assert.equal(
      mapping.deliveries.map((delivery) => textsOf(delivery).join(" ")),
      ["a b c poison d e f g", "a b c poison", "a b", "c poison", "c", "poison", "poison", "d e f g"],
    );
    const [told, ...others] = mapping.discarded;
    assert.equal(others, []);
    assert.ok(told);
    assert.equal(told.requestContext, {
      requestId: mapping.deliveries[6]?.result.requestId,
      functionArn: "arn:aws:lambda:eu-west-1:000000000000:function:updater",
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 5,
    });
    assert.is(told.responseContext?.functionError, "Unhandled");
    const { approximateArrivalOfFirstRecord, approximateArrivalOfLastRecord, ...info } =
      told.KinesisBatchInfo;
    assert.equal(info, {
      shardId: "shardId-000000000000",
      startSequenceNumber: numbers[3],
      endSequenceNumber: numbers[3],
      batchSize: 1,
      streamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
    });
    assert.is(approximateArrivalOfFirstRecord, approximateArrivalOfLastRecord);
  });

  test("isolates a record that is reported, and has each other done once", async () => {
    const stream = harness.takeStream();
    const numbers = await harness.put(stream, eight);
    const local = await start(perRecord("report", `if (text === "poison") throw new Error("bad");`));
    const mapping = await harness.map(stream, local, {
      settings: { ...bisecting, ...reporting, maximumRetryAttempts: 2 },
    });
    await mapping.idle();
    assert.equal(doneBy(local), healthy);
    assert.equal(
      mapping.discarded.map(({ KinesisBatchInfo }) => [
        KinesisBatchInfo.startSequenceNumber,
        KinesisBatchInfo.batchSize,
      ]),
      [[numbers[3], 1]],
    );
    assert.is(mapping.discarded[0]?.responseContext?.functionError, null);
  });

  test("retries from the lowest of several reported records until they succeed", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["a", "b", "c", "d"]);
    const local = await start(
      `const report = (...texts) => ({ batchItemFailures: event.Records
         .filter(({ kinesis }) => texts.includes(Buffer.from(kinesis.data, "base64").toString()))
         .map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })).reverse() });
       globalThis.count = (globalThis.count ?? 0) + 1;
       return [report("d", "b"), report("d", "c"), report()][globalThis.count - 1];`,
    );
    const mapping = await harness.map(stream, local, { settings: reporting });
    await mapping.idle();
    assert.equal(mapping.deliveries.map(textsOf), [
      ["a", "b", "c", "d"],
      ["b", "c", "d"],
      ["c", "d"],
    ]);
    assert.equal(mapping.discarded, []);
  });

  test("without bisection gives up on all from the failure on, then goes on", async () => {
    const stream = harness.takeStream();
    const numbers = await harness.put(stream, [...eight]);
    const local = await start(perRecord("report", `if (text === "poison") throw new Error("bad");`));
    const mapping = await harness.map(stream, local, {
      settings: { ...reporting, maximumRetryAttempts: 2, batchSize: 5 },
    });
    await mapping.idle();
    assert.equal(
      mapping.deliveries.map((delivery) => textsOf(delivery).join(" ")),
      ["a b c poison d", "poison d", "poison d", "e f g"],
    );
    const [told] = mapping.discarded;
    assert.is(mapping.discarded.length, 1);
    assert.ok(told);
    assert.is(told.requestContext.approximateInvokeCount, 3);
    assert.equal(
      [told.KinesisBatchInfo.startSequenceNumber, told.KinesisBatchInfo.endSequenceNumber],
      [numbers[3], numbers[4]],
    );
  });

  test("does not look at reported failures unless it is set to", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, eight);
    const local = await start(perRecord("report", `if (text === "poison") throw new Error("bad");`));
    const mapping = await harness.map(stream, local);
    await mapping.idle();
    assert.is(mapping.deliveries.length, 1);
  });

  const endings = {
    "does not return in time": "await new Promise(() => setInterval(() => {}, 1000));",
    "ends its process": "process.exit(1);",
  };
  for (const [name, body] of Object.entries(endings)) {
    test(`isolates a record for which it ${name}`, async () => {
      const stream = harness.takeStream();
      const numbers = await harness.put(stream, ["a", "poison", "b"]);
      const local = await start(perRecord("report", `if (text === "poison") { ${body} }`), {
        timeoutMs: 500,
      });
      const mapping = await harness.map(stream, local, {
        settings: { ...bisecting, ...reporting, maximumRetryAttempts: 0 },
      });
      await mapping.idle();
      assert.equal(
        mapping.deliveries.map((delivery) => textsOf(delivery).join(" ")),
        ["a poison b", "a poison", "a", "poison", "b"],
      );
      assert.equal(
        mapping.discarded.map(({ KinesisBatchInfo }) => KinesisBatchInfo.startSequenceNumber),
        [numbers[1]],
      );
      assert.is(mapping.discarded[0]?.responseContext?.functionError, "Unhandled");
    });
  }

  test("gives up on every batch of one that does not initialize", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["a", "b", "c"]);
    const local = await start(`export const handler = 1; throw new Error("bad policy");`);
    const mapping = await harness.map(stream, local, { settings: { batchSize: 2, maximumRetryAttempts: 0 } });
    await mapping.idle();
    assert.equal(
      mapping.discarded.map(({ KinesisBatchInfo }) => KinesisBatchInfo.batchSize),
      [2, 1],
    );
    const [{ result } = {}] = mapping.deliveries;
    assert.is(result && !result.ok && result.errorMessage, "bad policy");
  });

  test("goes on when the destination fails, and says so", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["poison", "a"]);
    const local = await start(perRecord("throw", `if (text === "poison") throw new Error("bad");`));
    const mapping = await harness.map(stream, local, {
      settings: { batchSize: 1, maximumRetryAttempts: 0 },
      onFailureDestination: async () => {
        throw new Error("queue updates-failed: access denied");
      },
    });
    await mapping.idle();
    assert.equal(doneBy(local), ["a"]);
    assert.equal(mapping.problems, ["on-failure destination: queue updates-failed: access denied"]);
  });
});
