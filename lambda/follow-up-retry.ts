import { splitInHalves } from "./change-batch.ts";
import type { Task } from "./follow-up.ts";
import { type Failure, isTransient } from "./route53-failure.ts";

/** What the decision depends on, besides the call. */
export interface RetrySituation {
  /** What else there is to do. */
  readonly others: readonly Task[];
  readonly nowMs: number;
  /** How long to wait after the nth failure. */
  readonly backoffMs: (failures: number) => number;
}

/** After so many answers of the kind, some name of the batch may be what Route 53 fails on. */
const MOST_REJECTIONS = 4;

/** Whether the names of a call that failed are to be tried again, whole or in parts. */
export function isToBeTriedAgain({ batch, rejections = 0 }: Task, failure: Failure): boolean {
  if (failure.kind !== "unclear") return isTransient(failure);
  return batch.rrsets.length > 1 || rejections + 1 < MOST_REJECTIONS;
}

/**
 * All that is still to be done after a call that is to be tried again. What has waited as long as it for a first
 * answer of the zone waits with it, so that the calls go to other zones for as long as this one is out of order.
 */
export function retry(task: Task, failure: Failure, situation: RetrySituation): readonly Task[] {
  const { others, nowMs, backoffMs } = situation;
  const isRejection = failure.kind === "transient" || failure.kind === "unclear";
  const rejections = (task.rejections ?? 0) + Number(isRejection);
  const isSplit = rejections >= MOST_REJECTIONS || failure.kind === "unclear";
  if (isSplit && task.batch.rrsets.length > 1) return [...others, ...halvesOf(task, failure, nowMs)];
  const failures = task.failures + 1;
  const notBeforeMs = nowMs + backoffMs(failures);
  const again = { ...task, failures, rejections, notBeforeMs, lastFailure: failure };
  return [...others.map((other) => (isHeldWith(other, task) ? held(other, again) : other)), again];
}

/** The names that fail are found as those that are refused, but none of them is dropped. */
function halvesOf({ batch, partOf = "failing" }: Task, lastFailure: Failure, nowMs: number): Task[] {
  return splitInHalves(batch).map((half) => ({
    batch: half,
    failures: 0,
    notBeforeMs: nowMs,
    partOf,
    lastFailure,
  }));
}

function isHeldWith(other: Task, task: Task): boolean {
  return other.batch.zone === task.batch.zone && !wasRefused(other);
}

function wasRefused({ partOf }: Task): boolean {
  return partOf === "denied" || partOf === "invalid";
}

function held(other: Task, again: Task & { lastFailure: Failure }): Task {
  const failures = Math.max(other.failures, again.failures);
  const notBeforeMs = Math.max(other.notBeforeMs, again.notBeforeMs);
  return { ...other, failures, notBeforeMs, lastFailure: other.lastFailure ?? again.lastFailure };
}
