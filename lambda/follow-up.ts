import { type ChangeBatch, splitDenied, splitRefused } from "./change-batch.ts";
import type { Failure } from "./route53-failure.ts";

/** A call to be made. */
export interface Task {
  readonly batch: ChangeBatch;
  /** How often it failed for a transient reason. */
  readonly failures: number;
  readonly notBeforeMs: number;
  readonly lastFailure?: Failure;
  /** How Route 53 refused the batch that this one is a part of; undefined for a whole one. */
  readonly partOf?: "denied" | "invalid";
}

/** What follows from a failed call. */
export interface FollowUp {
  /** Batches that have failed for good, and why. */
  readonly failed: readonly { readonly batch: ChangeBatch; readonly failure: Failure }[];
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
 * from all over what is to be done, it is taken to be the zone: to ask for each of thousands of names would hold up
 * the shard, and with it every other zone, for an hour.
 */
const ENOUGH_DENIED_NAMES = 15;

/**
 * Decides what follows from a call that failed for a permanent reason. Only what was refused itself has failed for
 * good, unless the zone is gone or denied as a whole.
 */
export function followUp(task: Task, failure: Failure, situation: Situation): FollowUp {
  const { batch } = task;
  const { kind, said } = failure;
  const { others, deniedNames, nowMs } = situation;
  const isOfZone = (other: Task) => other.batch.zone === batch.zone;
  if (kind === "no-zone") {
    const ofZone = others.filter(isOfZone).map((other) => ({ batch: other.batch, failure }));
    return { failed: [{ batch, failure }, ...ofZone], tasks: others.filter((other) => !isOfZone(other)) };
  }
  if (batch.rrsets.length === 1) {
    const isZoneDenied = kind === "denied" && deniedNames >= ENOUGH_DENIED_NAMES;
    // What waits for its first answer, or was refused for another reason, was not denied.
    const isDenied = (other: Task) => isZoneDenied && isOfZone(other) && other.partOf === "denied";
    const presumed = others
      .filter(isDenied)
      .map((other) => ({ batch: other.batch, failure: ofWholeZone(failure) }));
    return {
      failed: [{ batch, failure }, ...presumed],
      tasks: others.filter((other) => !isDenied(other)),
    };
  }
  const partOf = kind === "denied" ? "denied" : "invalid";
  const parts = kind === "denied" ? splitDenied(batch) : splitRefused(batch, said);
  const tasks = parts.map((part): Task => ({ batch: part, failures: 0, notBeforeMs: nowMs, partOf }));
  return { failed: [], tasks: [...others, ...tasks] };
}

/** The same failure, of names that were not tried alone. */
function ofWholeZone(failure: Failure): Failure {
  const evidence = `${ENOUGH_DENIED_NAMES} names of the zone were denied one by one and none was accepted`;
  return { ...failure, message: `${failure.message}, taken to be the whole zone: ${evidence}` };
}
