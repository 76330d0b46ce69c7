import { type ChangeBatch, splitOffFirst, splitRefused } from "./change-batch.ts";
import { type Evidence, isEnough, isInDoubt, isOfCause, presumed } from "./follow-up-evidence.ts";
import type { Failure } from "./route53-failure.ts";

/** A call to be made. */
export interface Task {
  readonly batch: ChangeBatch;
  /** How often it, or what it waits with, failed for a transient reason. */
  readonly failures: number;
  /** How often Route 53 answered it with such a reason, which may be a name of the batch. */
  readonly rejections?: number;
  readonly notBeforeMs: number;
  readonly lastFailure?: Failure;
  /** How Route 53 refused the batch that this one is a part of, or failed on it; undefined for a whole one. */
  readonly partOf?: "denied" | "invalid" | "failing";
}

/** What follows from a failed call. */
export interface FollowUp {
  /** Batches that have failed for good, and why. */
  readonly failed: readonly { readonly batch: ChangeBatch; readonly failure: Failure }[];
  /** All that is still to be done. */
  readonly tasks: readonly Task[];
  /** What was given up untried: nothing, all parts of refused batches of the zone, or all that is denied of it. */
  readonly givenUp: "nothing" | "parts" | "zone";
}

/** What the decision depends on, besides the call. */
export interface Situation {
  /** What else there is to do. */
  readonly others: readonly Task[];
  /** Of the zone, this call included. */
  readonly evidence: Evidence;
  readonly isAnyZoneDenied: boolean;
  readonly nowMs: number;
}

/**
 * Decides what follows from a call that failed for a permanent reason. Only what was refused itself has failed for
 * good, unless the zone is gone, or there is enough evidence that it refuses the others as well.
 */
export function followUp(task: Task, failure: Failure, situation: Situation): FollowUp {
  const { batch } = task;
  const { others } = situation;
  const isAlone = batch.rrsets.length === 1;
  if (failure.kind === "no-zone") {
    const isOfZone = (other: Task) => other.batch.zone === batch.zone;
    const ofZone = others.filter(isOfZone).map((other) => ({ batch: other.batch, failure }));
    const tasks = others.filter((other) => !isOfZone(other));
    return { failed: [{ batch, failure }, ...ofZone], tasks, givenUp: "nothing" };
  }
  const { evidence, isAnyZoneDenied } = situation;
  const isPresumed = isOfCause(evidence, failure) && isEnough(evidence, isAnyZoneDenied);
  const isZoneDenied = isPresumed && failure.kind === "denied" && evidence.accepted === 0;
  if (isZoneDenied || (isPresumed && isAlone)) {
    return { ...giveUpParts(task, failure, situation), givenUp: isZoneDenied ? "zone" : "parts" };
  }
  if (!isAlone) {
    return { failed: [], tasks: [...others, ...partsOf(task, failure, situation)], givenUp: "nothing" };
  }
  const tasks = isInDoubt(evidence) ? withProbe(others, { ...task, partOf: kindOf(failure) }) : others;
  return { failed: [{ batch, failure }], tasks, givenUp: "nothing" };
}

/** What waits for its first answer, or was refused for another reason, is not given up. */
function giveUpParts({ batch }: Task, failure: Failure, { others, evidence }: Situation) {
  const isPart = (other: Task) => other.batch.zone === batch.zone && other.partOf === kindOf(failure);
  const presumedFailure = presumed(failure, evidence);
  const parts = others.filter(isPart).map((other) => ({ batch: other.batch, failure: presumedFailure }));
  const own = batch.rrsets.length === 1 ? failure : presumedFailure;
  return { failed: [{ batch, failure: own }, ...parts], tasks: others.filter((other) => !isPart(other)) };
}

function partsOf({ batch }: Task, failure: Failure, { evidence, nowMs }: Situation): Task[] {
  const isProbed = failure.kind === "denied" || isInDoubt(evidence);
  const parts = isProbed ? splitOffFirst(batch) : splitRefused(batch, failure.said);
  return parts.map((part) => ({ batch: part, failures: 0, notBeforeMs: nowMs, partOf: kindOf(failure) }));
}

/**
 * Sees to it that a name of a zone in doubt can be tried alone next, with no call for the names around it, which
 * would say nothing new: the first one of the largest part, so that the names tried are soon from all over the zone.
 */
function withProbe(tasks: readonly Task[], { batch: { zone }, partOf }: Task): readonly Task[] {
  const parts = tasks.filter((task) => task.batch.zone === zone && task.partOf === partOf);
  if (parts.some(({ batch }) => batch.rrsets.length === 1)) return tasks;
  const [largest] = parts.toSorted((a, b) => b.batch.rrsets.length - a.batch.rrsets.length);
  if (!largest) return tasks;
  const split = splitOffFirst(largest.batch).map((batch) => ({ ...largest, batch }));
  return [...tasks.filter((task) => task !== largest), ...split];
}

function kindOf({ kind }: Failure): "denied" | "invalid" {
  return kind === "denied" ? "denied" : "invalid";
}
