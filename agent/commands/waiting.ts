import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Job } from "../job.ts";
import type { Outcome } from "../outcome.ts";
import { DEADLINE_SECONDS } from "../settle.ts";
import { startSpinner } from "../spinner.ts";
import { describeVisibility, waitForAll } from "../verify/wait-for-all.ts";

interface Started {
  readonly job: Job;
  readonly startedAtMs: number;
}

/** Waits, with what is left of the deadline, until the name servers answer what the stream has accepted. */
export async function waitUntilVisible(
  outcomes: readonly Outcome[],
  { job, startedAtMs }: Started,
  { given, print, log }: Context,
): Promise<ExitCode> {
  const { deadline_seconds = DEADLINE_SECONDS, name_servers: nameServers } = job.settings;
  const leftMs = Math.max(0, startedAtMs + deadline_seconds * 1000 - Date.now());
  const spinner = startSpinner(process.stderr, "waiting for the name servers");
  const waited = await waitForAll(outcomes, { signal: AbortSignal.timeout(leftMs), nameServers });
  spinner.stop();
  for (const visibility of waited) {
    if (given.switches.has("json")) print(JSON.stringify(visibility));
    else (visibility.isVisible ? print : log.error)(describeVisibility(visibility));
  }
  return waited.every(({ isVisible }) => isVisible) ? exitCode.ok : exitCode.tryAgain;
}
