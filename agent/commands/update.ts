import type { Context } from "../context.ts";
import { type ExitCode, exitCode, heaviestExitCode } from "../exit-code.ts";
import { createJob, type Job } from "../job.ts";
import { outcomeExitCode } from "../outcome.ts";
import { quickLook } from "../quick-look.ts";
import { report } from "../report.ts";
import type { Published } from "./publishing.ts";

/**
 * Learns the address, puts one record per name and family on the stream, and says what became of each. Where
 * another process is already at it, that one does it. A hook of an interface that is not the configured one is none
 * of its business.
 */
export async function update(context: Context): Promise<ExitCode> {
  const { given, environment, log } = context;
  // Nobody sets this clock.
  const job = createJob(given, environment, log);
  const { trigger, settings } = job;
  if (trigger.kind === "hook" && trigger.interface !== (settings.interface ?? trigger.interface)) {
    log.debug(`${trigger.interface}: not the configured interface, which is ${settings.interface}`);
    return exitCode.ok;
  }
  // What follows is loaded when needed: most of the time, nothing has changed.
  if (given.switches.has("dry-run")) return (await import("./dry-run.ts")).dryRun(job, context);
  const { outcomes, mayBeGivenUp } =
    (await lookQuickly(job, context)) ?? (await (await import("./publishing.ts")).publish(job, context));
  const codes = (outcomes ?? []).map(outcomeExitCode);
  if (mayBeGivenUp && given.switches.has("confirm")) codes.push(exitCode.tryAgain);
  if (given.switches.has("wait")) {
    const { waitUntilVisible } = await import("./waiting.ts");
    codes.push(await waitUntilVisible(outcomes, job, context));
  }
  return heaviestExitCode(codes);
}

async function lookQuickly(job: Job, context: Context): Promise<Published | undefined> {
  const unchanged = await quickLook(job, Date.now());
  for (const outcome of unchanged ?? []) report(outcome, context);
  return unchanged && { outcomes: unchanged, mayBeGivenUp: false };
}
