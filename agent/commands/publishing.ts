import { buildTimeMs } from "../build-info.ts";
import type { Context } from "../context.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { createHandedJob } from "../handed-job.ts";
import type { Job } from "../job.ts";
import { acquireInstance } from "../lock/instance.ts";
import type { Outcome } from "../outcome.ts";
import { report } from "../report.ts";
import { deadlineSeconds, settle } from "../settle.ts";
import { createMemory } from "../state/memory.ts";
import { systemClock } from "../system-clock.ts";

export interface Published {
  /** Undefined where it was handed over, so that there are none to tell. */
  readonly outcomes: readonly Outcome[] | undefined;
  /** Whether it was handed to a process that ends, done or not; one that stays goes on until it is done. */
  readonly mayBeGivenUp: boolean;
}

/**
 * Does a job, or has it done by the process that is already at work.
 * @throws {ExpectedFailure} 75 where the one at work would do it as another AWS account
 */
export async function publish(job: Job, context: Context): Promise<Published> {
  const { argv, environment, log } = context;
  const directory = job.settings.state_directory ?? "";
  const seconds = deadlineSeconds(job);
  const acquired = await acquireInstance(directory, argv, { environment, patienceMs: seconds * 1000 });
  if (acquired.state === "busy") {
    const found = `process ${acquired.pid} is at work on it with other AWS_ variables`;
    throw new ExpectedFailure(exitCode.tryAgain, `${directory}: ${found}, and did not end in ${seconds} s`);
  }
  if (acquired.state === "handed") {
    const { pid, isLoop } = acquired;
    if (context.given.switches.has("json")) context.print(JSON.stringify({ outcome: "handed", pid }));
    log.info(`handed to the update-route53 that is at work, process ${pid}`);
    return { outcomes: undefined, mayBeGivenUp: !isLoop };
  }
  if (acquired.problem) log.warn(acquired.problem);
  const outcomes = await settle(job, {
    instance: acquired.instance,
    createJob: (handed) => createHandedJob(handed, log),
    report: (outcome) => report(outcome, context),
    world: { clock: systemClock, log, memory: createMemory(log), earliestMs: buildTimeMs },
  });
  return { outcomes, mayBeGivenUp: false };
}
