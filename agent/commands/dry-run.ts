import type { Context } from "../context.ts";
import { detectAll } from "../detect/sources.ts";
import { type ExitCode, heaviestExitCode } from "../exit-code.ts";
import type { Job } from "../job.ts";
import { type Outcome, outcomeExitCode } from "../outcome.ts";
import { plan } from "../publish/plan.ts";
import { createPublication, streamRecordOptions } from "../publish/publish-all.ts";
import { createStreamRecord, formatStreamRecord } from "../publish/stream-record.ts";
import { report } from "../report.ts";
import { emptyState } from "../state/state.ts";
import { trustAuthorities } from "../trust-authorities.ts";

/** Prints the records of what would be published, and puts or changes nothing anywhere. */
export async function dryRun(job: Job, context: Context): Promise<ExitCode> {
  trustAuthorities(job.authorities);
  const { signal } = new AbortController();
  const untilClockValid = async () => true;
  const detections = await detectAll({ ...job, signal, isThorough: false, untilClockValid });
  const options = { state: emptyState, nowMs: 0, isForced: true, pendingMaxAgeMs: 0 };
  const outcomes: Outcome[] = [];
  for (const step of plan(job.domains, detections, options)) {
    if (step.action === "none") outcomes.push(step.outcome);
    else
      context.print(
        formatStreamRecord(createStreamRecord(createPublication(step), streamRecordOptions(job), new Date())),
      );
  }
  for (const outcome of outcomes) report(outcome, context);
  return heaviestExitCode(outcomes.map(outcomeExitCode));
}
