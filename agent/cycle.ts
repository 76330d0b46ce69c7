import type { Detection } from "./detect/detect.ts";
import { detectAll } from "./detect/sources.ts";
import { destinationOf, type Job } from "./job.ts";
import type { Log } from "./log.ts";
import type { Outcome } from "./outcome.ts";
import { plan, type Step } from "./publish/plan.ts";
import { createPublication, type PublishOptions, publishAll } from "./publish/publish-all.ts";
import type { Clock } from "./publish/retry.ts";
import { untilClockValid } from "./publish/valid-clock.ts";
import type { Memory } from "./state/memory.ts";
import { announce, type Published, remember } from "./state/remember.ts";
import type { State } from "./state/state.ts";
import { trustAuthorities } from "./trust-authorities.ts";

export interface World {
  readonly clock: Clock;
  readonly log: Log;
  readonly memory: Memory;
  /** When this program was built: the clock shows no earlier time unless it is wrong. */
  readonly earliestMs: number;
  /** Ends a program that stays: requests under way are given up. */
  readonly stop?: AbortSignal;
  /** The edges of the program, where they are not the real ones. */
  readonly detect?: typeof detectAll;
  readonly publish?: typeof publishAll;
}

const HOUR_MS = 3_600_000;

export interface CycleResult {
  readonly outcomes: readonly Outcome[];
  /** Whether to look again: something was published, and the address may have changed meanwhile. */
  readonly isWorthAnotherLook: boolean;
}

/** So long an address that echo services told is taken for true. */
const TRUSTED_MS = 10_000;

/** Detects, plans, publishes and remembers, once. Nothing is written or sent where nothing changed. */
export async function runCycle(job: Job, options: PublishOptions, world: World): Promise<CycleResult> {
  const { clock, log, memory, earliestMs, stop } = world;
  const { detect = detectAll, publish = publishAll } = world;
  trustAuthorities(job.authorities);
  const startedAtMs = clock.monotonicMs();
  const directory = job.settings.state_directory ?? "";
  const destination = destinationOf(job);
  const state = memory.load(directory, destination);

  const untilValid = () => untilClockValid(earliestMs, options, clock);
  const detections = await withinDeadline(options, clock, (signal) =>
    detect({ ...job, signal, isThorough: false, untilClockValid: untilValid }),
  );
  for (const detection of detections) log.debug(describeDetection(detection));

  let steps = decide(job, state, { detections, nowMs: clock.now() });
  if (steps.some(isPublication) && clock.now() < earliestMs) {
    if (!(await untilValid()))
      log.warn(`the clock shows ${new Date(clock.now()).toISOString()}, which cannot be`);
    // What looked due by the wrong time may not be by the right one.
    steps = decide(job, state, { detections, nowMs: clock.now() });
  }
  const publications = steps.filter(isPublication).map(createPublication);
  const rest = steps.filter((step) => step.action === "none").map(({ outcome }) => outcome);
  if (publications.length === 0) return { outcomes: rest, isWorthAnotherLook: false };

  const announced = announce(state, publications, {
    nowMs: clock.now(),
    isGiven: job.trigger.kind === "given",
  });
  if (announced !== state) memory.save(announced, directory, destination);
  const results = await publish(job, publications, { ...options, stop, clock });
  memory.save(rememberAll(job, announced, results, clock), directory, destination);
  const outcomes = results.map(({ outcome }) => outcome);
  const tookLong = clock.monotonicMs() - startedAtMs > TRUSTED_MS;
  const afar = detections.filter(isFromAfar).map(({ family }) => family);
  const mayHaveChanged = ({ outcome, family }: Outcome) =>
    outcome === "published" && (tookLong || !afar.includes(family));
  const isWorthAnotherLook = job.trigger.kind !== "given" && outcomes.some(mayHaveChanged);
  return { outcomes: [...outcomes, ...rest], isWorthAnotherLook };
}

const SHORTEST_DETECTION_MS = 1_000;
/** Timers take no longer time. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Runs something with a signal that the deadline ends as well; nothing of it stays behind in a long life. */
async function withinDeadline<T>(
  { signal, deadlineMs }: PublishOptions,
  clock: Clock,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const remainingMs = Math.max(Math.ceil(deadlineMs - clock.monotonicMs()), SHORTEST_DETECTION_MS);
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  const cancel = clock.after(Math.min(remainingMs, LONGEST_TIMER_MS), end);
  try {
    return await run(ending.signal);
  } finally {
    cancel();
    signal.removeEventListener("abort", end);
  }
}

/** Whether the address came from echo services: asking them again costs a request to each. */
function isFromAfar(detection: Detection): boolean {
  return detection.state !== "absent" && detection.findings.some(({ from }) => from === "check");
}

type Publish = Extract<Step, { action: "publish" }>;
export const isPublication = (step: Step): step is Publish => step.action === "publish";

interface Known {
  readonly detections: readonly Detection[];
  readonly nowMs: number;
}

/** What an update does about what it has learnt. */
export function decide(
  { domains, isForced, settings }: Job,
  state: State,
  { detections, nowMs }: Known,
): readonly Step[] {
  const pendingMaxAgeMs = (settings.refresh_hours ?? 0) * HOUR_MS;
  return plan(domains, detections, { state, nowMs, isForced, pendingMaxAgeMs });
}

function rememberAll(
  { settings, trigger }: Job,
  state: State,
  results: readonly Published[],
  clock: Clock,
): State {
  const refreshMs = (settings.refresh_hours ?? 0) * HOUR_MS;
  const isGiven = trigger.kind === "given";
  return remember(state, results, { nowMs: clock.now(), refreshMs, random: clock.random(), isGiven });
}

function describeDetection(detection: Detection): string {
  const { family, state } = detection;
  if (state === "absent") return `${family}: not asked for`;
  return state === "known"
    ? `${family}: ${detection.address.text}`
    : `${family}: unavailable, ${detection.reason}`;
}
