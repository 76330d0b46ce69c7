import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordCommand,
} from "@aws-sdk/client-kinesis";
import { assert, describe } from "../../describe.ts";
import { isAlive } from "../lambda/fixture.ts";
import { createKinesisClient } from "./client.ts";
import { type LocalKinesis, startKinesis } from "./kinesis.ts";

async function untilDead(pid: number, withinMs = 5000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} still runs after ${withinMs} ms`);
    await sleep(10);
  }
}

async function connects(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** Runs `script` in a Node of its own, and resolves with the process id that it prints first. */
async function runParent(script: string): Promise<{ parent: ChildProcess; kinesisPid: number }> {
  const startKinesisUrl = JSON.stringify(import.meta.resolve("./kinesis.ts"));
  const parent = spawn(
    process.execPath,
    ["--input-type=module", "--eval", `import { startKinesis } from ${startKinesisUrl};\n${script}`],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const [firstLine] = (await once(parent.stdout, "data")) as [Buffer];
  return { parent, kinesisPid: Number(firstLine.toString()) };
}

const printPid = `const kinesis = await startKinesis({ streams: [] });
process.stdout.write(String(kinesis.pid));\n`;

describe("startKinesis", (test) => {
  let kinesis: LocalKinesis;
  test.before(async () => {
    kinesis = await startKinesis({
      region: "eu-west-1",
      streams: [
        { name: "updates", shards: 2 },
        { name: "other_stream-1.0", shards: 55 },
      ],
    });
  });
  test.after(() => kinesis.close());

  test("serves the streams it resolved with, with the shards asked for", async () => {
    const client = createKinesisClient(kinesis);
    const updates = await client.send(new ListShardsCommand({ StreamName: "updates" }));
    const other = await client.send(new ListShardsCommand({ StreamName: "other_stream-1.0" }));
    client.destroy();
    assert.equal(
      updates.Shards?.map((shard) => shard.ShardId),
      ["shardId-000000000000", "shardId-000000000001"],
    );
    assert.is(other.Shards?.length, 55);
  });

  test("gives back the bytes that were put", async () => {
    const client = createKinesisClient(kinesis);
    const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const StreamName = "updates";
    const { ShardId } = await client.send(
      new PutRecordCommand({ StreamName, PartitionKey: "host.example.", Data: data }),
    );
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
    client.destroy();
    assert.equal(
      Records?.map((found) => [found.PartitionKey, found.Data]),
      [["host.example.", data]],
    );
  });

  test("listens on 127.0.0.1 and on no other address", async () => {
    const port = Number(new URL(kinesis.url).port);
    assert.ok(await connects("127.0.0.1", port));
    assert.not(await connects("127.0.0.2", port), "also answers on 127.0.0.2");
    assert.not(await connects("::1", port), "also answers on ::1");
  });

  test("tells two instances apart by their ports", async () => {
    const second = await startKinesis({ streams: [] });
    assert.is.not(second.url, kinesis.url);
    await second.close();
  });

  test("has ended its process when close resolves, also when called twice", async () => {
    const closing = await startKinesis({ streams: [] });
    assert.ok(isAlive(closing.pid));
    await closing.close();
    assert.not(isAlive(closing.pid));
    await closing.close();
  });
});

describe("a parent of kinesis-local that ends without close", (test) => {
  const endings = {
    "is killed": `process.kill(process.pid, "SIGKILL");`,
    throws: `throw new Error("the parent failed");`,
    exits: `process.exit(0);`,
  };
  for (const [name, ending] of Object.entries(endings)) {
    test(`leaves no process behind when it ${name}`, async () => {
      const { kinesisPid } = await runParent(printPid + ending);
      assert.ok(kinesisPid > 0);
      await untilDead(kinesisPid);
    });
  }
});

describe("startKinesis that cannot start", (test) => {
  test("rejects with what the process wrote to stderr", async () => {
    await assert.rejects(
      startKinesis({ streams: [{ name: "updates", shards: 1 }], region: "mars-1" }),
      /^kinesis-local: ended with exit code 1 while starting: [\s\S]*AWS_REGION with value mars-1 cannot be/,
    );
  });

  test("refuses a name that Kinesis refuses", async () => {
    await assert.rejects(
      startKinesis({ streams: [{ name: "a:1,b", shards: 1 }] }),
      /^stream name: expected \^\[a-zA-Z0-9_\.-\]\{1,128\}\$, got "a:1,b"$/,
    );
  });

  test("refuses a stream without shards", async () => {
    await assert.rejects(
      startKinesis({ streams: [{ name: "updates", shards: 0 }] }),
      /^stream updates: shards: expected an integer ≥ 1, got 0$/,
    );
  });
});
