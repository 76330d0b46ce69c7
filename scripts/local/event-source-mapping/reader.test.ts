import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SplitShardCommand } from "@aws-sdk/client-kinesis";
import { assert, describe } from "../../describe.ts";
import { cleanUp, start } from "../lambda/fixture.ts";
import { type Harness, startHarness, textsOf } from "./harness.ts";

/** Passes everything on to `url`, but lets GetRecords calls fail, or holds their answers back, when told to. */
async function startFaultyProxy(url: string) {
  const faults: { status: number; type: string }[] = [];
  let hold = Promise.resolve();
  const server = createServer((incoming, outgoing) => {
    const isRead = String(incoming.headers["x-amz-target"]).endsWith(".GetRecords");
    const fault = isRead ? faults.shift() : undefined;
    if (fault) {
      outgoing.writeHead(fault.status, { "Content-Type": "application/x-amz-json-1.1" });
      outgoing.end(JSON.stringify({ __type: fault.type, message: `the ${fault.type}` }));
      return;
    }
    const { method, headers } = incoming;
    const passed = request(`${url}${incoming.url}`, { method, headers }, async (answer) => {
      if (isRead) await hold;
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failReads(count: number, status: number, type: string): void {
      for (let i = 0; i < count; i++) faults.push({ status, type });
    },
    /** Holds the answers to reads, which the stream has given, until the function it gives is called. */
    holdReads(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      hold = promise;
      return resolve;
    },
    isDone: () => faults.length === 0,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe("a mapping whose stream fails", (test) => {
  let harness: Harness;
  let proxy: Awaited<ReturnType<typeof startFaultyProxy>>;
  test.before(async () => {
    harness = await startHarness(9, 1);
    proxy = await startFaultyProxy(harness.kinesis.url);
  });
  test.after(async () => {
    await harness.close();
    proxy.close();
    await cleanUp();
  });

  async function mapThroughProxy(stream: string, startingPosition: "TRIM_HORIZON" | "LATEST") {
    const kinesis = { url: proxy.url, region: harness.kinesis.region };
    return harness.map(stream, await start(""), { kinesis, settings: { startingPosition } });
  }

  test("goes on after the last record that it read when its iterator expires", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["a", "b"]);
    const mapping = await mapThroughProxy(stream, "TRIM_HORIZON");
    await mapping.idle();
    proxy.failReads(1, 400, "ExpiredIteratorException");
    await harness.put(stream, ["c"]);
    await mapping.idle();
    assert.ok(proxy.isDone());
    assert.equal(mapping.deliveries.map(textsOf), [["a", "b"], ["c"]]);
    assert.equal(mapping.problems, []);
  });

  test("starts again with the oldest record when its iterator expires before it read one", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["a"]);
    proxy.failReads(1, 400, "ExpiredIteratorException");
    const mapping = await mapThroughProxy(stream, "TRIM_HORIZON");
    await mapping.idle();
    assert.ok(proxy.isDone());
    assert.equal(mapping.deliveries.map(textsOf), [["a"]]);
  });

  test("loses nothing at LATEST when its iterator expires before it read a record", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["old"]);
    const mapping = await mapThroughProxy(stream, "LATEST");
    proxy.failReads(1, 400, "ExpiredIteratorException");
    await harness.put(stream, ["new"]);
    await mapping.idle();
    assert.ok(proxy.isDone());
    assert.equal(mapping.deliveries.map(textsOf), [["new"]]);
  });

  test("is not idle before it has what was put while it was reading", async () => {
    const stream = harness.takeStream();
    const release = proxy.holdReads();
    const mapping = await mapThroughProxy(stream, "TRIM_HORIZON");
    await sleep(100); // The read under way finds nothing.
    await harness.put(stream, ["a"]);
    const idle = mapping.idle();
    release();
    await idle;
    assert.equal(mapping.deliveries.map(textsOf), [["a"]]);
  });

  test("is closed during a read, which is no problem", async () => {
    const release = proxy.holdReads();
    const mapping = await mapThroughProxy(harness.takeStream(), "TRIM_HORIZON");
    await mapping.close();
    release();
    assert.equal(mapping.problems, []);
  });

  for (const [status, type] of [
    [400, "ProvisionedThroughputExceededException"],
    [500, "InternalFailure"],
    [400, "AccessDeniedException"],
  ] as const) {
    test(`reads on after ${type}, and says it`, async () => {
      const stream = harness.takeStream();
      await harness.put(stream, ["a"]);
      proxy.failReads(6, status, type); // The SDK tries some three times before it says so.
      const mapping = await mapThroughProxy(stream, "TRIM_HORIZON");
      await mapping.idle();
      assert.ok(proxy.isDone());
      assert.equal(mapping.deliveries.map(textsOf), [["a"]]);
      assert.equal(mapping.problems, [`shardId-000000000000: the ${type}`]);
    });
  }

  test("delivers what it gathered from a shard that was split, without waiting for its window", async () => {
    const stream = harness.takeStream();
    await harness.put(stream, ["a", "b"]);
    await harness.client.send(
      new SplitShardCommand({
        StreamName: stream,
        ShardToSplit: "shardId-000000000000",
        NewStartingHashKey: "1000",
      }),
    );
    const mapping = await harness.map(stream, await start(""), {
      settings: { maximumBatchingWindowInSeconds: 300 },
    });
    await mapping.idle();
    assert.equal(mapping.deliveries.map(textsOf), [["a", "b"]]);
  });
});
