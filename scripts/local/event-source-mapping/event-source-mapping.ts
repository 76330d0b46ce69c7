// Lambda's poller between a Kinesis stream and a function, on this machine.
// https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
import { setTimeout } from "node:timers/promises";
import { DescribeStreamSummaryCommand, type KinesisClient, ListShardsCommand } from "@aws-sdk/client-kinesis";
import { createKinesisClient } from "../kinesis/client.ts";
import { LOCAL_ACCOUNT_ID } from "../lambda/environment.ts";
import type { LocalFunction } from "../lambda/runtime.ts";
import type { Delivery, DeliveryHost } from "./deliver.ts";
import { openShard } from "./reader.ts";
import { type EventSourceMappingArgs, parseSettings } from "./settings.ts";
import { pollShard } from "./shard.ts";

export interface EventSourceMappingOptions {
  readonly kinesis: { readonly url: string; readonly region: string };
  readonly streamName: string;
  readonly function: Pick<LocalFunction, "invoke" | "functionArn">;
  /** Named as AWS and Pulumi name them. */
  readonly settings: EventSourceMappingArgs;
  /** Told to the function in each record. The role of the function's name by default. */
  readonly executionRoleArn?: string;
  /** How often an empty shard is read. Lambda's is once a second. 100 ms by default. */
  readonly pollIntervalMs?: number;
  /** The delay before the first retry, and the longest it doubles to. 100 ms and 60 s by default. */
  readonly retryDelay?: DeliveryHost["retryDelay"];
  /** Called after each invocation. */
  readonly onBatch?: (delivery: Delivery) => void;
  /** Receives the body of the message that an SQS on-failure destination would. */
  readonly onFailureDestination?: DeliveryHost["onFailureDestination"];
  /** Called when the stream cannot be read or the destination fails. The same is not said twice in a row. */
  readonly onProblem?: (message: string) => void;
  readonly now?: () => number;
  readonly sleep?: DeliveryHost["sleep"];
}

export interface EventSourceMapping {
  /** Resolves when everything put before the call is delivered or discarded. */
  idle(): Promise<void>;
  /** Stops polling, and resolves when the invocations under way have ended. */
  close(): Promise<void>;
}

async function describeStream(client: KinesisClient, StreamName: string) {
  try {
    const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
    return {
      streamArn: StreamDescriptionSummary?.StreamARN ?? "",
      shardIds: Shards.map((shard) => shard.ShardId ?? ""),
    };
  } catch (cause) {
    client.destroy();
    throw new Error(`event source mapping: stream ${StreamName}: ${(cause as Error).message}`, { cause });
  }
}

/** What the deliveries of all shards share. */
function createHost(options: EventSourceMappingOptions, signal: AbortSignal): Omit<DeliveryHost, "source"> {
  let lastProblem = "";
  return {
    settings: parseSettings(options.settings),
    retryDelay: options.retryDelay ?? { first: 100, longest: 60_000 },
    signal,
    invoke: (event) => options.function.invoke(event),
    now: options.now ?? Date.now,
    sleep: options.sleep ?? ((ms, abort) => setTimeout(ms, undefined, { signal: abort })),
    onBatch: options.onBatch ?? (() => {}),
    onFailureDestination: options.onFailureDestination ?? (() => {}),
    onProblem(message) {
      if (message !== lastProblem) options.onProblem?.(message);
      lastProblem = message;
    },
  };
}

/**
 * Starts one poller for each shard that the stream has now; later splits and merges are not followed. Resolves
 * when all are in position: with LATEST, what is put from then on is delivered. The order inside a shard is
 * kept: what fails is retried before anything newer of its shard, while other shards go on.
 */
export async function startEventSourceMapping(
  options: EventSourceMappingOptions,
): Promise<EventSourceMapping> {
  const stop = new AbortController();
  const host = createHost(options, stop.signal);
  const client = createKinesisClient(options.kinesis);
  const { streamArn, shardIds } = await describeStream(client, options.streamName);
  const { functionArn } = options.function;
  const roleName = functionArn.split(":").at(-1);
  const {
    kinesis: { region },
    executionRoleArn = `arn:aws:iam::${LOCAL_ACCOUNT_ID}:role/${roleName}`,
    pollIntervalMs = 100,
  } = options;

  const pollers = await Promise.all(
    shardIds.map(async (shardId) => {
      const shard = { StreamARN: streamArn, ShardId: shardId };
      const reader = await openShard(client, shard, host.settings.startingPosition);
      const source = { region, streamArn, shardId, functionArn, executionRoleArn };
      return pollShard(reader, { ...host, source }, pollIntervalMs);
    }),
  );
  return {
    async idle() {
      await Promise.all(pollers.map((poller) => poller.untilIdle()));
    },
    async close() {
      stop.abort();
      await Promise.all(pollers.map((poller) => poller.stopped));
      client.destroy();
    },
  };
}
