import { type ChangeBatch, splitRefused } from "./change-batch.ts";
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
  /** All that is still to be done. */
  readonly tasks: readonly Task[];
}

/** What the decision depends on, besides the call. */
export interface Situation {
  /** What else there is to do. */
  readonly others: readonly Task[];
  /** How many calls for the zone were denied, this one included, before any was accepted. */
  readonly denials: number;
}

/**
 * An IAM condition on names denies a batch for one name of it, so a denied batch is split too, widely first: by
 * this many calls, eight parts of a zone were denied, which is taken for the zone itself.
 */
const MOST_DENIALS = 15;

/** Decides what follows from a call that failed for a permanent reason. */
export function followUp(task: Task, { kind, said }: Failure, { others, denials }: Situation): FollowUp {
  const { batch } = task;
  if (kind === "no-zone" || (kind === "denied" && denials >= MOST_DENIALS)) {
    const ofZone = others.filter((other) => other.batch.zone === batch.zone);
    const failed = [batch, ...ofZone.map((other) => other.batch)];
    return { failed, tasks: others.filter((other) => other.batch.zone !== batch.zone) };
  }
  if (batch.rrsets.length === 1) return { failed: [batch], tasks: others };
  const parts = splitRefused(batch, said).map((part): Task => ({ batch: part, failures: 0, notBeforeMs: 0 }));
  return { failed: [], tasks: kind === "denied" ? [...others, ...parts] : [...parts, ...others] };
}
