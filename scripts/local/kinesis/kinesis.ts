// A real Kinesis API on this machine: the kinesis-local package, as a child process.
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DescribeStreamSummaryCommand, type KinesisClient } from "@aws-sdk/client-kinesis";
import { createKinesisClient } from "./client.ts";

const START_TIMEOUT_MS = 30_000;
const STATUS_POLL_MS = 20;
const STDERR_CHARS_KEPT = 2000;
const SHARDS_ALLOWED_BESIDE = 50;

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;

interface StreamWanted {
  readonly name: string;
  readonly shards: number;
}

export interface KinesisOptions {
  readonly streams: readonly StreamWanted[];
  readonly region?: string;
}

export interface LocalKinesis {
  /** The endpoint, plain HTTP, for `AWS_ENDPOINT_URL_KINESIS` or `createKinesisClient`. */
  readonly url: string;
  readonly region: string;
  readonly pid: number;
  close(): Promise<void>;
}

function environment({ streams, region }: Required<KinesisOptions>): NodeJS.ProcessEnv {
  const main = fileURLToPath(import.meta.resolve("kinesis-local/main.js"));
  const shards = streams.reduce((sum, stream) => sum + stream.shards, 0);
  return {
    PATH: process.env.PATH,
    // Without the cache each start compiles 9 MB of JavaScript, which takes half a second.
    NODE_COMPILE_CACHE: fileURLToPath(new URL("../../../.cache/kinesis-local", import.meta.url)),
    KINESIS_MOCK_CERT_PATH: join(dirname(main), "server.json"),
    // Only a mark to tell the two servers apart: kinesis-preload.ts gives both a port of the system's choice.
    KINESIS_MOCK_PLAIN_PORT: "1",
    KINESIS_MOCK_TLS_PORT: "2",
    // An empty list is refused, no list is not.
    INITIALIZE_STREAMS:
      streams.map(({ name, shards }) => `${name}:${shards}:${region}`).join(",") || undefined,
    CREATE_STREAM_DURATION: "1ms",
    SHARD_LIMIT: String(shards + SHARDS_ALLOWED_BESIDE),
    AWS_REGION: region,
    LOG_LEVEL: "ERROR",
  };
}

function spawnKinesis(options: Required<KinesisOptions>): ChildProcess {
  return spawn(
    process.execPath,
    [
      "--import",
      import.meta.resolve("./preload.ts"),
      fileURLToPath(import.meta.resolve("kinesis-local/main.js")),
    ],
    { stdio: ["ignore", "ignore", "pipe", "ipc"], env: environment(options) },
  );
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("message", (message: { port: number }) => resolve(message.port));
  });
}

/** Never resolves; rejects, with what the process wrote to stderr, when it ends or when the time is over. */
function failureToStart(child: ChildProcess): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  let stderr = "";
  const fail = (problem: string, cause?: Error) => {
    reject(new Error(`kinesis-local: ${problem} ${stderr.trim()}`.trim(), { cause }));
  };
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-STDERR_CHARS_KEPT);
  });
  child.once("error", (cause) => fail("could not be run", cause));
  child.once("close", (code, killer) => fail(`ended with ${killer ?? `exit code ${code}`} while starting:`));
  AbortSignal.timeout(START_TIMEOUT_MS).addEventListener("abort", () =>
    fail(`not ready after ${START_TIMEOUT_MS / 1000} s:`),
  );
  return promise;
}

/** Resolves when the streams are ACTIVE: the server listens a moment before it knows them. */
async function untilActive(client: KinesisClient, streams: readonly StreamWanted[], signal: AbortSignal) {
  for (const { name } of streams) {
    const isActive = () =>
      client.send(new DescribeStreamSummaryCommand({ StreamName: name })).then(
        (answer) => answer.StreamDescriptionSummary?.StreamStatus === "ACTIVE",
        () => false,
      );
    while (!(await isActive())) await setTimeout(STATUS_POLL_MS, undefined, { signal });
  }
}

function check(streams: readonly StreamWanted[]): void {
  for (const { name, shards } of streams) {
    if (!STREAM_NAME.test(name))
      throw new Error(`stream name: expected ${STREAM_NAME.source}, got "${name}"`);
    if (!Number.isInteger(shards) || shards < 1) {
      throw new Error(`stream ${name}: shards: expected an integer ≥ 1, got ${shards}`);
    }
  }
}

/**
 * Starts a Kinesis API on a free port of 127.0.0.1 and resolves when every stream is ACTIVE. Nothing is kept on
 * disk. The process ends with `close`, and also when this process dies, however it dies.
 */
export async function startKinesis({ streams, region = "us-east-1" }: KinesisOptions): Promise<LocalKinesis> {
  check(streams);
  const child = spawnKinesis({ streams, region });
  const closed = new Promise((resolve) => child.once("close", resolve));
  const close = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  const givenUp = new AbortController();
  const start = async () => {
    const url = `http://127.0.0.1:${await listeningPort(child)}`;
    const client = createKinesisClient({ url, region });
    await untilActive(client, streams, givenUp.signal).finally(() => client.destroy());
    return { url, region, pid: child.pid ?? 0, close };
  };
  try {
    return await Promise.race([start(), failureToStart(child)]);
  } catch (error) {
    givenUp.abort();
    if (child.pid !== undefined) await close();
    throw error;
  }
}
