import { buildTimeMs } from "../build-info.ts";
import type { Context } from "../context.ts";
import { createHandedJob } from "../handed-job.ts";
import type { Job } from "../job.ts";
import { acquireInstance } from "../lock/instance.ts";
import type { Outcome } from "../outcome.ts";
import { report } from "../report.ts";
import { settle } from "../settle.ts";
import { createMemory } from "../state/memory.ts";
import { systemClock } from "../system-clock.ts";

/** Does a job, or has it done by the process that is already at work; then there are no outcomes to tell. */
export async function publish(job: Job, context: Context): Promise<readonly Outcome[]> {
  const { argv, log } = context;
  const acquired = await acquireInstance(job.settings.state_directory ?? "", argv);
  if (acquired.state === "handed") {
    log.info(`handed to the update-route53 that is at work, process ${acquired.pid}`);
    return [];
  }
  if (acquired.problem) log.warn(acquired.problem);
  return settle(job, {
    instance: acquired.instance,
    createJob: (handed) => createHandedJob(handed, log),
    report: (outcome) => report(outcome, context),
    world: { clock: systemClock, log, memory: createMemory(log), earliestMs: buildTimeMs },
  });
}
