import { buildTimeMs } from "../build-info.ts";
import type { Context } from "../context.ts";
import { detectAll } from "../detect/sources.ts";
import { type ExitCode, exitCode, heaviestExitCode } from "../exit-code.ts";
import { createHandedJob } from "../handed-job.ts";
import { createJob, type Job } from "../job.ts";
import { acquireInstance } from "../lock/instance.ts";
import { describeOutcome, encodeOutcome, type Outcome, outcomeExitCode } from "../outcome.ts";
import { plan } from "../publish/plan.ts";
import { createPublication, streamRecordOptions } from "../publish/publish-all.ts";
import { createStreamRecord, formatStreamRecord } from "../publish/stream-record.ts";
import { DEADLINE_SECONDS, settle } from "../settle.ts";
import { startSpinner } from "../spinner.ts";
import { createMemory } from "../state/memory.ts";
import { emptyState } from "../state/state.ts";
import { systemClock } from "../system-clock.ts";

/**
 * Learns the address, puts one record per name and family on the stream, and says what became of each. Where
 * another process is already at it, that one does it.
 */
export async function update(context: Context): Promise<ExitCode> {
  const { argv, given, environment, log } = context;
  const startedAtMs = systemClock.now();
  const job = createJob(given, environment, log);
  if (given.switches.has("dry-run")) return dryRun(job, context);
  const acquired = await acquireInstance(job.settings.state_directory ?? "", argv);
  if (acquired.state === "handed") {
    log.info(`handed to the update-route53 that is at work, process ${acquired.pid}`);
    return exitCode.ok;
  }
  if (acquired.problem) log.warn(acquired.problem);
  const outcomes = await settle(job, {
    instance: acquired.instance,
    createJob: (handed) => createHandedJob(handed, log),
    report: (outcome) => report(outcome, context),
    world: { clock: systemClock, log, memory: createMemory(log), earliestMs: buildTimeMs },
  });
  const codes = outcomes.map(outcomeExitCode);
  if (given.switches.has("wait")) codes.push(await waitUntilVisible(outcomes, { job, startedAtMs }, context));
  return heaviestExitCode(codes);
}

interface Started {
  readonly job: Job;
  readonly startedAtMs: number;
}

/** Waits, with what is left of the deadline, until the name servers answer what the stream has accepted. */
async function waitUntilVisible(
  outcomes: readonly Outcome[],
  started: Started,
  context: Context,
): Promise<ExitCode> {
  const { given, print, log } = context;
  const { settings } = started.job;
  const deadlineMs = (settings.deadline_seconds ?? DEADLINE_SECONDS) * 1000;
  const leftMs = Math.max(0, started.startedAtMs + deadlineMs - systemClock.now());
  const { describeVisibility, waitForAll } = await import("../verify/wait-for-all.ts");
  const spinner = startSpinner(process.stderr, "waiting for the name servers");
  const waited = await waitForAll(outcomes, {
    signal: AbortSignal.timeout(leftMs),
    nameServers: settings.name_servers,
  });
  spinner.stop();
  for (const visibility of waited) {
    if (given.switches.has("json")) print(JSON.stringify(visibility));
    else (visibility.isVisible ? print : log.error)(describeVisibility(visibility));
  }
  return waited.every(({ isVisible }) => isVisible) ? exitCode.ok : exitCode.tryAgain;
}

/** Prints the records of what would be published, and asks or changes nothing on the way. */
async function dryRun(job: Job, { print, ...context }: Context): Promise<ExitCode> {
  const { signal } = new AbortController();
  const detections = await detectAll({
    ...job,
    signal,
    isThorough: false,
    untilClockValid: async () => true,
  });
  const steps = plan(job.domains, detections, {
    state: emptyState,
    nowMs: 0,
    isForced: true,
    pendingMaxAgeMs: 0,
  });
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    if (step.action === "none") outcomes.push(step.outcome);
    else print(formatStreamRecord(createStreamRecord(createPublication(step), streamRecordOptions(job))));
  }
  for (const outcome of outcomes) report(outcome, { print, ...context });
  return heaviestExitCode(outcomes.map(outcomeExitCode));
}

/** Prints a result for programs, or for people: then what went well is a result, and the rest an error. */
function report(outcome: Outcome, { given, print, log }: Context): void {
  const line = describeOutcome(outcome);
  if (given.switches.has("json")) print(encodeOutcome(outcome));
  else if (line === undefined) return;
  else if (outcomeExitCode(outcome) === exitCode.ok) print(line);
  else log.error(line);
}
