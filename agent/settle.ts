import { type CycleResult, runCycle, type World } from "./cycle.ts";
import type { Job } from "./job.ts";
import type { HandedRequest, Instance } from "./lock/instance.ts";
import { collectNews, isProvisional, type News } from "./news.ts";
import type { Outcome } from "./outcome.ts";
import { backoffMs, type Clock } from "./publish/retry.ts";
import { isAbout, subjectOf, type Work, withoutSettled } from "./work.ts";

export interface SettleOptions {
  readonly instance: Instance;
  /** The job of a command line that another process has handed over. */
  readonly createJob: (request: HandedRequest) => Job;
  readonly report: (outcome: Outcome) => void;
  readonly world: World;
  /** Whether the caller comes back to what could not be learnt: then nothing waits for it here. */
  readonly isLoop?: boolean;
}

/** How long a command goes on trying. */
export const DEADLINE_SECONDS = 60;
const IMMEDIATE_LOOKS = 3;
/** At link-up, name servers, routes and the clock may take minutes to come, and no second hook will tell. */
const HOOK_DEADLINE_SECONDS = 600;

/**
 * Works until nothing is left to do: until no other process has handed anything over, and the address is
 * still the one that was published. Then lets go of the instance.
 * @returns what became of the names of the job, by it or by a later one that knew better
 */
export async function settle(job: Job, options: SettleOptions): Promise<readonly Outcome[]> {
  const { instance, world } = options;
  const news = collectNews(options.report);
  const problems: unknown[] = [];
  let works: readonly Work[] = [workOf(job, world.clock)];
  for (;;) {
    works = [...works, ...instance.take().flatMap((request) => readRequest(request, options))];
    works = withoutRepeated(works);
    const newest = works.at(-1);
    if (newest) works = [...(await advance(newest, works.slice(0, -1), { ...options, news, problems }))];
    else if (instance.release()) break;
  }
  const outcomes = news.conclude().filter((outcome) => isAbout(job, outcome));
  // Whatever became of this job, others relied on theirs being done first; who handed them over has gone.
  const thrown = outcomes.length === 0 ? problems.slice(0, 1) : [];
  const untold = problems.map(messageOf).filter((message) => !thrown.map(messageOf).includes(message));
  for (const message of new Set(untold)) world.log.error(message);
  if (thrown.length > 0) throw thrown[0];
  return outcomes;
}

type AdvanceOptions = SettleOptions & { readonly news: News; readonly problems: unknown[] };

/** Runs the newest work, and gives what is left: what it has settled, no older one may touch any more. */
async function advance(
  newest: Work,
  older: readonly Work[],
  options: AdvanceOptions,
): Promise<readonly Work[]> {
  const by = newest.job;
  try {
    const { outcomes, isInterrupted } = await runUntilNewer(newest, options);
    const known = outcomes.filter(({ outcome }) => outcome !== "unavailable");
    const left = withoutSettled(older, { by, outcomes: known });
    if (!isInterrupted) return left;
    const over = outcomes.filter((outcome) => !isProvisional(outcome));
    return [...left, ...withoutSettled([newest], { by, outcomes: over })];
  } catch (error) {
    options.problems.push(error);
    return older;
  }
}

/**
 * Runs one job to its end: again while it can still change something, until something newer comes up.
 * @returns what became of it in all
 */
export async function finish(job: Job, options: SettleOptions): Promise<readonly Outcome[]> {
  const news = collectNews(options.report);
  await runUntilNewer(workOf(job, options.world.clock), { ...options, news });
  return news.conclude();
}

interface Finished {
  /** Of the last round. */
  readonly outcomes: readonly Outcome[];
  readonly isInterrupted: boolean;
}

async function runUntilNewer(
  { job, deadlineMs }: Work,
  { instance, world, isLoop = false, news }: SettleOptions & { readonly news: News },
): Promise<Finished> {
  const { clock } = world;
  const newer = new AbortController();
  const { signal } = newer;
  instance.onRequest = () => newer.abort();
  for (let rounds = 0, current = job; ; rounds += 1) {
    const result = await runCycle(current, { deadlineMs, signal }, world);
    const { outcomes } = result;
    news.add(outcomes);
    if (signal.aborted) return { outcomes, isInterrupted: true };
    const isWaiting = !isLoop && isWaitingForAddress(job, outcomes);
    const waitMs = waitBeforeNext(result, { rounds, isWaiting }, clock);
    if (clock.monotonicMs() + waitMs >= deadlineMs) return { outcomes, isInterrupted: false };
    current = withoutForce(current, result);
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    if (signal.aborted) return { outcomes, isInterrupted: true };
  }
}

/** Forced once is enough, where it was published. */
function withoutForce(job: Job, { isWorthAnotherLook }: CycleResult): Job {
  return isWorthAnotherLook ? { ...job, isForced: false } : job;
}

/** An address that changes while it is published is followed at once, but not for ever. */
function waitBeforeNext(
  { isWorthAnotherLook }: CycleResult,
  { rounds, isWaiting }: { readonly rounds: number; readonly isWaiting: boolean },
  clock: Clock,
): number {
  if (isWorthAnotherLook && rounds < IMMEDIATE_LOOKS) return 0;
  return isWorthAnotherLook || isWaiting ? backoffMs(rounds, clock) : Number.POSITIVE_INFINITY;
}

function workOf(job: Job, { monotonicMs }: Clock): Work {
  return { job, deadlineMs: monotonicMs() + deadlineSeconds(job) * 1000 };
}

export function deadlineSeconds({ settings, trigger }: Pick<Job, "settings" | "trigger">): number {
  return settings.deadline_seconds ?? (trigger.kind === "hook" ? HOOK_DEADLINE_SECONDS : DEADLINE_SECONDS);
}

/** Only a hook waits for an address to come: a person sees what is missing, and a timer asks again. */
function isWaitingForAddress({ trigger }: Job, outcomes: readonly Outcome[]): boolean {
  return trigger.kind === "hook" && outcomes.some(({ outcome }) => outcome === "unavailable");
}

/** Of several works about the same thing, the latest. */
function withoutRepeated(works: readonly Work[]): readonly Work[] {
  const latest = new Map(works.map((work) => [subjectOf(work.job), work]));
  return works.filter((work) => latest.get(subjectOf(work.job)) === work);
}

function readRequest(request: HandedRequest, { createJob, world }: SettleOptions): readonly Work[] {
  try {
    return [workOf(createJob(request), world.clock)];
  } catch (error) {
    world.log.error(messageOf(error));
    return [];
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
