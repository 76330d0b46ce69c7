import { detectAll } from "./detect/sources.ts";
import { destinationOf, type Job } from "./job.ts";
import { mayBeHeld } from "./lock/holder.ts";
import type { Outcome } from "./outcome.ts";
import { plan } from "./publish/plan.ts";
import { loadState } from "./state/state-file.ts";

/**
 * What becomes of a job for which nothing is to be done, as far as the kernel and a person tell the address:
 * every name has it already. Undefined where more is to be asked or done. Nearly all runs end here, so that
 * nothing is loaded for it but what it takes: no network, no lock, nothing written.
 *
 * Only where nobody is at work, who may have been handed another address and not have begun. Asked before the
 * state is read, because who has ended by then has written what was done; and again after, for who begins.
 */
export async function quickLook(job: Job, nowMs: number): Promise<readonly Outcome[] | undefined> {
  const directory = job.settings.state_directory ?? "";
  if (mayBeHeld(directory)) return undefined;
  const { state, problem } = loadState(directory, destinationOf(job));
  if (job.isForced || problem !== undefined || state.published.size === 0) return undefined;
  const { signal } = new AbortController();
  const local = { isThorough: false, isLocal: true, untilClockValid: async () => true };
  const detections = await detectAll({ ...job, signal, ...local });
  const steps = plan(job.domains, detections, { state, nowMs, isForced: false, pendingMaxAgeMs: 0 });
  const outcomes = steps.flatMap((step) => (step.action === "none" ? [step.outcome] : []));
  const isUnchanged =
    outcomes.length === steps.length && outcomes.every(({ outcome }) => outcome === "unchanged");
  return isUnchanged && !mayBeHeld(directory) ? outcomes : undefined;
}
