import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import type { Context } from "../context.ts";
import { detectAll } from "../detect/sources.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Job } from "../job.ts";
import { type Outcome, rrType, whyNoAddress } from "../outcome.ts";
import { plan } from "../publish/plan.ts";
import { DEADLINE_SECONDS } from "../settle.ts";
import { startSpinner } from "../spinner.ts";
import { emptyState } from "../state/state.ts";
import { trustAuthorities } from "../trust-authorities.ts";
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
  const { deadline_seconds = DEADLINE_SECONDS, name_servers: nameServers } = job.settings;
  // Since the start of the process, by a clock that nobody sets.
  const leftMs = Math.ceil(Math.max(0, (deadline_seconds - process.uptime()) * 1000));
  const signal = AbortSignal.timeout(leftMs);
  const spinner = startSpinner(process.stderr, "waiting for the name servers");
  const expected = outcomes ?? (await expect(job, signal));
  const waited = await waitForAll(expected, { signal, nameServers });
  spinner.stop();
  for (const visibility of waited) {
    if (given.switches.has("json")) print(JSON.stringify(visibility));
    else (visibility.isVisible ? print : log.error)(describeVisibility(visibility));
  }
  // Of its own outcomes, the caller has told what was not accepted.
  const unknown = outcomes ? [] : expected.filter(({ outcome }) => outcome !== "unchanged");
  for (const outcome of unknown) {
    const name = `${fqdnToWire(outcome.fqdn)} ${rrType(outcome.family)}`;
    log.error(`could not confirm ${name}: ${whyNoAddress(outcome)}`);
  }
  const isDone = unknown.length === 0 && waited.every(({ isVisible }) => isVisible);
  return isDone ? exitCode.ok : exitCode.tryAgain;
}

/** What must become of a job that another process does: what its sources tell this one. */
async function expect(job: Job, signal: AbortSignal): Promise<readonly Outcome[]> {
  trustAuthorities(job.authorities);
  const untilClockValid = async () => true;
  const detections = await detectAll({ ...job, signal, isThorough: false, untilClockValid });
  const all = { state: emptyState, nowMs: 0, isForced: true, pendingMaxAgeMs: 0 };
  return plan(job.domains, detections, all).map((step): Outcome => {
    if (step.action === "none") return step.outcome;
    const { fqdn, address } = step;
    return { fqdn, family: address.family, outcome: "unchanged", ip: address.text };
  });
}
