import { type ChangeBatch, splitDenied, splitRefused } from "./change-batch.ts";
import type { Failure } from "./route53-failure.ts";

/** A call to be made. */
export interface Task {
  readonly batch: ChangeBatch;
  /** How often it failed for a transient reason. */
  readonly failures: number;
  readonly notBeforeMs: number;
  readonly lastFailure?: Failure;
}

/** What follows from a failed call. */
export interface FollowUp {
  /** Batches that have failed for good. */
  readonly failed: readonly ChangeBatch[];
  /** Batches for a later invocation. */
  readonly left: readonly ChangeBatch[];
  /** All that is still to be done. */
  readonly tasks: readonly Task[];
}

/** What the decision depends on, besides the call. */
export interface Situation {
  /** What else there is to do. */
  readonly others: readonly Task[];
  /** How many names of the zone were denied alone, this one included, before anything was accepted. */
  readonly deniedNames: number;
  readonly nowMs: number;
}

/**
 * An IAM condition on names denies a batch for one name of it. After so many names that were denied one by one,
 * from all over what is to be done, it is taken to be the zone, and more calls to be a waste of the account's pace.
 */
const ENOUGH_DENIED_NAMES = 15;

/**
 * Decides what follows from a call that failed for a permanent reason. Only what was refused itself has failed for
 * good, unless the zone is gone.
 */
export function followUp(task: Task, { kind, said }: Failure, situation: Situation): FollowUp {
  const { batch } = task;
  const { others, deniedNames, nowMs } = situation;
  const isOfZone = (other: Task) => other.batch.zone === batch.zone;
  const ofZone = others.filter(isOfZone).map((other) => other.batch);
  const ofOthers = others.filter((other) => !isOfZone(other));
  if (kind === "no-zone") return { failed: [batch, ...ofZone], left: [], tasks: ofOthers };
  if (batch.rrsets.length === 1) {
    const isEnough = kind === "denied" && deniedNames >= ENOUGH_DENIED_NAMES;
    return isEnough
      ? { failed: [batch], left: ofZone, tasks: ofOthers }
      : { failed: [batch], left: [], tasks: others };
  }
  const parts = kind === "denied" ? splitDenied(batch) : splitRefused(batch, said);
  // Behind all others, those that wait to be tried again included: no zone waits for the halvings of another.
  const tasks = parts.map((part): Task => ({ batch: part, failures: 0, notBeforeMs: nowMs }));
  return { failed: [], left: [], tasks: [...others, ...tasks] };
}
