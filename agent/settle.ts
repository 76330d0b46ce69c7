import { runCycle, type World } from "./cycle.ts";
import type { ExpectedFailure } from "./exit-code.ts";
import type { Job } from "./job.ts";
import type { HandedRequest, Instance } from "./lock/instance.ts";
import type { Outcome } from "./outcome.ts";
import { backoffMs } from "./publish/retry.ts";
import { stateKey } from "./state/state.ts";

export interface SettleOptions {
  readonly instance: Instance;
  /** The job of a command line that another process has handed over. */
  readonly createJob: (argv: readonly string[]) => Job;
  readonly report: (outcome: Outcome) => void;
  readonly world: World;
}

/** How long a command goes on trying. */
export const DEADLINE_SECONDS = 60;
/** At link-up, name servers, routes and the clock may take minutes to come, and no second hook will tell. */
const HOOK_DEADLINE_SECONDS = 600;

/**
 * Works until nothing is left to do: until no other process has handed anything over, and the address is
 * still the one that was published. Then lets go of the instance.
 * @returns what became of the job; what others handed over is reported only
 */
export async function settle(job: Job, options: SettleOptions): Promise<readonly Outcome[]> {
  try {
    return await finish(job, options);
  } finally {
    // Whatever became of this job, others rely on theirs being done.
    await settleHanded(job, options);
  }
}

/** Does what other processes have handed over, and lets go of the instance. */
async function settleHanded(own: Job, options: SettleOptions): Promise<void> {
  while (!options.instance.release()) {
    for (const job of latestJobs(options.instance.take(), own, options)) await finish(job, options);
  }
}

/** Runs one job to its end: again while it can still change something, until something newer comes up. */
export async function finish(
  job: Job,
  { instance, report, world }: SettleOptions,
): Promise<readonly Outcome[]> {
  const deadlineMs = world.clock.now() + deadlineSeconds(job) * 1000;
  const news = collectNews(report);
  let isNewest = true;
  for (let failures = 0; isNewest; ) {
    const newer = new AbortController();
    instance.onRequest = () => newer.abort();
    const { outcomes, isWorthAnotherLook } = await runCycle(job, { deadlineMs, signal: newer.signal }, world);
    news.add(outcomes);
    isNewest = !newer.signal.aborted;
    if (isWorthAnotherLook) continue;
    const waitMs = backoffMs(failures, world.clock);
    if (!isWaitingForAddress(job, outcomes) || world.clock.now() + waitMs >= deadlineMs) break;
    failures += 1;
    if (isNewest) await world.clock.sleep(waitMs, newer.signal);
    isNewest = !newer.signal.aborted;
  }
  return news.conclude();
}

function deadlineSeconds({ settings, trigger }: Job): number {
  return settings.deadline_seconds ?? (trigger.kind === "hook" ? HOOK_DEADLINE_SECONDS : DEADLINE_SECONDS);
}

/** Only a hook waits for an address to come: a person sees what is missing, and a timer asks again. */
function isWaitingForAddress({ trigger }: Job, outcomes: readonly Outcome[]): boolean {
  return trigger.kind === "hook" && outcomes.some(({ outcome }) => outcome === "unavailable");
}

/** Reports what is new in each round, and only at the end what could not be learnt in any. */
function collectNews(report: (outcome: Outcome) => void) {
  const latest = new Map<string, Outcome>();
  return {
    add(outcomes: readonly Outcome[]) {
      for (const outcome of outcomes) {
        const key = stateKey(outcome.fqdn, outcome.family);
        // "Unchanged" is no news of a name that was published a moment ago.
        if (outcome.outcome === "unchanged" && latest.has(key)) continue;
        latest.set(key, outcome);
        if (outcome.outcome !== "unavailable") report(outcome);
      }
    },
    conclude(): readonly Outcome[] {
      const all = [...latest.values()];
      for (const outcome of all.filter((each) => each.outcome === "unavailable")) report(outcome);
      return all;
    },
  };
}

/** The jobs of the requests, in order; of several about the same thing, only the latest. */
function latestJobs(
  requests: readonly HandedRequest[],
  own: Job,
  { createJob, world }: SettleOptions,
): readonly Job[] {
  const jobs = new Map<string, Job>();
  for (const { argv } of requests) {
    const job = argv === undefined ? own : parse(argv);
    if (!job) continue;
    const key = subjectOf(job);
    jobs.delete(key);
    jobs.set(key, job);
  }
  return [...jobs.values()];

  function parse(argv: readonly string[]): Job | undefined {
    try {
      return createJob(argv);
    } catch (error) {
      world.log.error((error as ExpectedFailure).message);
      return undefined;
    }
  }
}

/** What a job is about: a later one about the same makes it needless. */
function subjectOf({ trigger, domains, settings }: Job): string {
  const subject =
    trigger.kind === "hook"
      ? trigger.interface
      : trigger.kind === "given"
        ? trigger.addresses.map(({ family }) => family)
        : "";
  return JSON.stringify([trigger.kind, subject, domains, settings.stream]);
}
