import type { Context } from "../context.ts";
import { detectionsOfGiven } from "../detect/given-address.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Job } from "../job.ts";
import type { Outcome } from "../outcome.ts";
import { plan } from "../publish/plan.ts";
import { DEADLINE_SECONDS } from "../settle.ts";
import { startSpinner } from "../spinner.ts";
import { emptyState } from "../state/state.ts";
import { describeVisibility, waitForAll } from "../verify/wait-for-all.ts";

/**
 * Waits, with what is left of the deadline, until the name servers answer what the stream has accepted.
 * @param outcomes undefined where the job was handed to another process, which tells nobody what it learns
 */
export async function waitUntilVisible(
  outcomes: readonly Outcome[] | undefined,
  job: Job,
  { given, print, log }: Context,
): Promise<ExitCode> {
  const expected = outcomes ?? outcomesOfGiven(job);
  if (expected === undefined) {
    log.error("could not confirm: the process that it was handed to learns the address by itself");
    return exitCode.tryAgain;
  }
  const { deadline_seconds = DEADLINE_SECONDS, name_servers: nameServers } = job.settings;
  // Since the start of the process, by a clock that nobody sets.
  const leftMs = Math.ceil(Math.max(0, (deadline_seconds - process.uptime()) * 1000));
  const spinner = startSpinner(process.stderr, "waiting for the name servers");
  const waited = await waitForAll(expected, { signal: AbortSignal.timeout(leftMs), nameServers });
  spinner.stop();
  for (const visibility of waited) {
    if (given.switches.has("json")) print(JSON.stringify(visibility));
    else (visibility.isVisible ? print : log.error)(describeVisibility(visibility));
  }
  return waited.every(({ isVisible }) => isVisible) ? exitCode.ok : exitCode.tryAgain;
}

/** What must become of a job whose addresses a person gave; undefined for any other. */
function outcomesOfGiven({ trigger, domains }: Job): readonly Outcome[] | undefined {
  if (trigger.kind !== "given") return undefined;
  const all = { state: emptyState, nowMs: 0, isForced: true, pendingMaxAgeMs: 0 };
  return plan(domains, detectionsOfGiven(trigger.addresses), all).map((step): Outcome => {
    if (step.action === "none") return step.outcome;
    const { fqdn, address } = step;
    return { fqdn, family: address.family, outcome: "unchanged", ip: address.text };
  });
}
