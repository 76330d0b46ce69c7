import type { KinesisStreamRecord } from "aws-lambda";
import { countForBatch } from "./batch.ts";
import { type DeliveryHost, deliver } from "./deliver.ts";
import { encodeStreamRecord } from "./encode.ts";
import type { ShardRead, ShardReader } from "./reader.ts";

export interface ShardPoller {
  /** Resolves when polling has stopped, after the invocation under way. */
  readonly stopped: Promise<void>;
  /** Resolves when everything that was in the shard at the time of the call is delivered or discarded. */
  untilIdle(): Promise<void>;
}

/** Reads one shard, gathers batches and delivers them, until `host.signal` is aborted or the shard ends. */
export function pollShard(reader: ShardReader, host: DeliveryHost, pollIntervalMs: number): ShardPoller {
  const { settings, signal } = host;
  const gathered: KinesisStreamRecord[] = [];
  let gatheringSinceMs = 0;
  let waiting: (() => void)[] = [];

  async function read(): Promise<ShardRead> {
    try {
      return await reader.read(signal);
    } catch (error) {
      if (!signal.aborted) host.onProblem(`${host.source.shardId}: ${(error as Error).message}`);
      return { fromStream: [], isAtTip: false };
    }
  }

  async function deliverGathered(): Promise<void> {
    const windowMs = settings.maximumBatchingWindowInSeconds * 1000;
    const isWindowOver = () => reader.isEnded() || host.now() - gatheringSinceMs >= windowMs;
    while (!signal.aborted) {
      const count = countForBatch(gathered, settings.batchSize, isWindowOver());
      if (count === 0) return;
      await deliver(gathered.splice(0, count), host);
    }
  }

  async function pollOnce(): Promise<void> {
    const asked = waiting;
    waiting = [];
    const { fromStream, isAtTip } = await read();
    if (gathered.length === 0) gatheringSinceMs = host.now();
    for (const one of fromStream) gathered.push(encodeStreamRecord(one, host.source));
    await deliverGathered();
    if (isAtTip && gathered.length === 0) for (const resolve of asked) resolve();
    else waiting.push(...asked);
    if (fromStream.length === 0) await host.sleep(pollIntervalMs, signal);
  }

  async function poll(): Promise<void> {
    try {
      while (!signal.aborted && !(reader.isEnded() && gathered.length === 0)) await pollOnce();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const resolve of waiting) resolve();
    }
  }

  let isStopped = false;
  const stopped = poll().finally(() => {
    isStopped = true;
  });
  return {
    stopped,
    untilIdle: () => (isStopped ? stopped : new Promise<void>((resolve) => waiting.push(resolve))),
  };
}
