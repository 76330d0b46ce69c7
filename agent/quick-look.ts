import { detectAll } from "./detect/sources.ts";
import { destinationOf, type Job } from "./job.ts";
import type { Outcome } from "./outcome.ts";
import { plan } from "./publish/plan.ts";
import { loadState } from "./state/state-file.ts";

/**
 * What becomes of a job for which nothing is to be done, as far as the kernel and a person tell the address:
 * every name has it already. Undefined where more is to be asked or done. Nearly all runs end here, so that
 * nothing is loaded for it but what it takes: no network, no lock, nothing written.
 *
 * No lock is needed: whoever is about to publish another address has said so in the state, as pending.
 */
export async function quickLook(job: Job, nowMs: number): Promise<readonly Outcome[] | undefined> {
  const { state, problem } = loadState(job.settings.state_directory ?? "", destinationOf(job));
  if (job.isForced || problem !== undefined || state.published.size === 0 || state.pending.size > 0)
    return undefined;
  const { signal } = new AbortController();
  const local = { isThorough: false, isLocal: true, untilClockValid: async () => true };
  const detections = await detectAll({ ...job, signal, ...local });
  const steps = plan(job.domains, detections, { state, nowMs, isForced: false, pendingMaxAgeMs: 0 });
  const outcomes = steps.flatMap((step) => (step.action === "none" ? [step.outcome] : []));
  const isUnchanged =
    outcomes.length === steps.length && outcomes.every(({ outcome }) => outcome === "unchanged");
  return isUnchanged ? outcomes : undefined;
}
