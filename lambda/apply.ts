import { type Acceptance, type CallWorld, call, hasItsTurn } from "./apply-call.ts";
import { type Denials, forgetOldDenials } from "./apply-memory.ts";
import type { ChangeBatch } from "./change-batch.ts";
import { followUp, type Task } from "./follow-up.ts";
import { type Evidence, isInDoubt, NO_EVIDENCE, withAccepted, withRefused } from "./follow-up-evidence.ts";
import { isToBeTriedAgain, retry } from "./follow-up-retry.ts";
import { nextTask } from "./next-task.ts";
import { backoffMs } from "./pace.ts";
import type { Failure } from "./route53-failure.ts";
import type { Zone } from "./zone.ts";

/** What `applyChangeBatches` needs of the world. */
export interface ApplyWorld extends CallWorld {
  /** Shared by all invocations in this process, which keep it up to date. */
  readonly denials: Denials;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface Applied extends Acceptance {
  readonly kind: "applied";
  readonly batch: ChangeBatch;
}

export interface NotApplied {
  /**
   * `failed`: for good. `unapplied`: not known to be applied, to be tried by a later invocation.
   * `retry`: the call will be made again in this invocation, whole or in parts.
   */
  readonly kind: "failed" | "unapplied" | "retry";
  readonly batch: ChangeBatch;
  readonly failure: Failure;
}

/** What became of a batch, or of a part of one that had to be split. */
export type Outcome = Applied | NotApplied;

/** Why a batch is left that no call was made for. */
export const NO_TIME: Failure = {
  kind: "transient",
  reason: "deadline",
  said: "",
  message: "no time was left to apply it",
};

/**
 * Applies batches one call after the other, at the account's pace, each as often as it takes, until
 * `remainingMs` is used up. Says what became of every RRset exactly once, besides `retry`. Each RRset is in one
 * batch only, so the order of the calls does not matter.
 */
export async function* applyChangeBatches(
  batches: readonly ChangeBatch[],
  world: ApplyWorld,
  remainingMs: () => number,
): AsyncGenerator<Outcome> {
  const { denials } = world;
  forgetOldDenials(denials, world.elapsedMs());
  const todo: Todo = {
    tasks: batches.map((batch) => ({ batch, failures: 0, notBeforeMs: 0 })),
    evidence: new Map(denials.entries().map(([zone, { evidence }]) => [zone, evidence])),
  };
  for (let task = next(todo, world); task; task = next(todo, world)) {
    if (!(await hasItsTurn(task.notBeforeMs, world, remainingMs))) break;
    const answer = await call(task.batch, world, remainingMs());
    const result: Applied | Failure =
      "changeId" in answer ? { kind: "applied", batch: task.batch, ...answer } : answer;
    yield* settle(task, result, { todo, world });
  }
  for (const { batch, lastFailure } of todo.tasks) {
    yield { kind: "unapplied", batch, failure: lastFailure ?? NO_TIME };
  }
}

interface Todo {
  tasks: readonly Task[];
  readonly evidence: Map<Zone, Evidence>;
}

/** Takes a task that was tried off the list, or puts what follows from it there; gives what became of it. */
function settle(
  task: Task,
  result: Applied | Failure,
  { todo, world }: { todo: Todo; world: ApplyWorld },
): Outcome[] {
  const { batch } = task;
  const others = todo.tasks.filter((other) => other !== task);
  const evidence = todo.evidence.get(batch.zone) ?? NO_EVIDENCE;
  if (result.kind === "applied") {
    todo.evidence.set(batch.zone, withAccepted(evidence));
    world.denials.delete(batch.zone);
    todo.tasks = others;
    return [result];
  }
  if (isToBeTriedAgain(task, result)) {
    todo.tasks = tryAgain(task, result, { others, world });
    return [{ kind: "retry", batch, failure: result }];
  }
  return giveUpOrSplit(task, result, { todo, others, world });
}

function giveUpOrSplit(
  task: Task,
  failure: Failure,
  { todo, others, world }: { todo: Todo; others: readonly Task[]; world: ApplyWorld },
): Outcome[] {
  const { denials } = world;
  const nowMs = world.elapsedMs();
  const { zone, rrsets } = task.batch;
  const known = todo.evidence.get(zone) ?? NO_EVIDENCE;
  const evidence = rrsets.length === 1 ? withRefused(known, failure) : known;
  const isAnyZoneDenied = denials.size > 0;
  const { failed, tasks, givenUp } = followUp(task, failure, { others, evidence, isAnyZoneDenied, nowMs });
  // What comes later of the zone is judged by itself, unless the zone is denied.
  todo.evidence.set(zone, givenUp === "parts" ? { ...NO_EVIDENCE, accepted: evidence.accepted } : evidence);
  if (givenUp === "zone" && !denials.has(zone)) denials.set(zone, { evidence, atMs: nowMs });
  todo.tasks = tasks;
  if (failed.length === 0) return [{ kind: "retry", batch: task.batch, failure }];
  return failed.map((refused) => ({ kind: "failed", ...refused }));
}

function next({ tasks, evidence }: Todo, { pace, elapsedMs }: ApplyWorld): Task | undefined {
  const nowMs = elapsedMs();
  const soonestMs = nowMs + pace.delayMs(nowMs);
  return nextTask(tasks, { soonestMs, isInDoubt: (zone) => isInDoubt(evidence.get(zone) ?? NO_EVIDENCE) });
}

function tryAgain(
  task: Task,
  failure: Failure,
  { others, world }: { others: readonly Task[]; world: ApplyWorld },
): readonly Task[] {
  const nowMs = world.elapsedMs();
  const random = world.random();
  const waitMs = (failures: number) => backoffMs(failures, random);
  if (failure.kind === "throttled") world.pace.holdUntil(nowMs + waitMs(task.failures + 1));
  return retry(task, failure, { others, nowMs, backoffMs: waitMs });
}
