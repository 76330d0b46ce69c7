import { randomUUID } from "node:crypto";
import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import type { InvocationResult } from "../lambda/runtime.ts";
import { type Batch, divideByAge, retryDelayMs, type StreamRecords } from "./batch.ts";
import { type Discard, type EventSource, encodeInvocationRecord, type InvocationRecord } from "./encode.ts";
import { type Outcome, planNext } from "./plan.ts";
import type { EventSourceMappingSettings } from "./settings.ts";

/** One invocation that the mapping made, and what came of it. */
export interface Delivery {
  readonly shardId: string;
  readonly streamRecords: StreamRecords;
  readonly result: InvocationResult;
}

/** What the deliveries of one shard need. */
export interface DeliveryHost {
  readonly settings: EventSourceMappingSettings;
  readonly source: EventSource;
  readonly retryDelay: { readonly first: number; readonly longest: number };
  readonly signal: AbortSignal;
  invoke(event: KinesisStreamEvent): Promise<InvocationResult>;
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  onBatch(delivery: Delivery): void;
  onFailureDestination(invocationRecord: InvocationRecord): void | Promise<void>;
  onProblem(message: string): void;
}

function outcomeOf(result: InvocationResult): Outcome {
  if (result.ok) return { kind: "returned", payload: result.payload };
  return { kind: result.errorType === "TooManyRequestsException" ? "refused" : "failed" };
}

/** As in Lambda, what the destination does not take is lost: the shard is not blocked for it. */
async function discard(what: Discard, host: DeliveryHost): Promise<void> {
  try {
    await host.onFailureDestination(encodeInvocationRecord(what, host.source));
  } catch (error) {
    host.onProblem(`on-failure destination: ${(error as Error).message}`);
  }
}

async function invoke(batch: Batch, host: DeliveryHost): Promise<InvocationResult> {
  const { streamRecords } = batch;
  const result = await host.invoke({ Records: [...streamRecords] });
  host.onBatch({ shardId: host.source.shardId, streamRecords, result });
  return result;
}

/** One step: what is left to deliver of `batch`, in order. Waits where the next step is a retry. */
async function step(batch: Batch, host: DeliveryHost): Promise<readonly Batch[]> {
  const { settings } = host;
  const { expired, live } = divideByAge(batch, host.now(), settings.maximumRecordAgeInSeconds);
  if (expired) {
    const requestId = randomUUID();
    await discard({ condition: "RecordAgeExceeded", batch: expired, requestId, nowMs: host.now() }, host);
  }
  if (!live) return [];
  const result = await invoke(live, host);
  const plan = planNext(live, outcomeOf(result), settings);
  if (plan.kind === "continue") return plan.batches;
  if (plan.kind === "retry") {
    await host.sleep(retryDelayMs(plan.batch.retryCount, host.retryDelay), host.signal);
    return [plan.batch];
  }
  const functionError = result.ok ? null : "Unhandled";
  const { requestId } = result;
  const condition = "RetryAttemptsExhausted";
  await discard({ condition, batch: plan.batch, functionError, requestId, nowMs: host.now() }, host);
  return [];
}

/**
 * Delivers records of one shard, in order, until each is done or discarded. Returns early, between two
 * invocations, when `host.signal` is aborted.
 */
export async function deliver(
  streamRecords: readonly KinesisStreamRecord[],
  host: DeliveryHost,
): Promise<void> {
  let left: readonly Batch[] = [{ streamRecords, retryCount: 0, invokeCount: 0 }];
  while (!host.signal.aborted) {
    const [batch, ...others] = left;
    if (!batch) return;
    left = [...(await step(batch, host)), ...others];
  }
}
