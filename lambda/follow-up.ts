import { type ChangeBatch, splitRefused } from "./change-batch.ts";
import type { Failure } from "./route53-failure.ts";
import type { Zone } from "./zone.ts";

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

/** What else there is to do, and which zones have accepted a change in this invocation. */
export interface Situation {
  readonly others: readonly Task[];
  readonly acceptedZones: ReadonlySet<Zone>;
}

/** Decides what follows from a call that failed for a permanent reason. */
export function followUp(
  task: Task,
  { kind, said }: Failure,
  { others, acceptedZones }: Situation,
): FollowUp {
  const { batch } = task;
  // An IAM condition on names denies a batch for one name of it, so a denied batch is split too: until one name
  // alone is denied and the zone has not accepted any, which is the zone itself.
  const isAlone = batch.rrsets.length === 1;
  if (kind === "no-zone" || (kind === "denied" && isAlone && !acceptedZones.has(batch.zone))) {
    const ofZone = others.filter((other) => other.batch.zone === batch.zone);
    const failed = [batch, ...ofZone.map((other) => other.batch)];
    return { failed, tasks: others.filter((other) => other.batch.zone !== batch.zone) };
  }
  if (isAlone) return { failed: [batch], tasks: others };
  const parts = splitRefused(batch, said).map((part): Task => ({ batch: part, failures: 0, notBeforeMs: 0 }));
  return { failed: [], tasks: [...parts, ...others] };
}
