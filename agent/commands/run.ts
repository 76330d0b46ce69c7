import { buildTimeMs } from "../build-info.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { createHandedJob } from "../handed-job.ts";
import { createJob, type Job } from "../job.ts";
import type { Instance } from "../lock/instance.ts";
import {
  describeOutcome,
  describeRecovery,
  encodeOutcome,
  type Outcome,
  outcomeExitCode,
  outcomeFields,
} from "../outcome.ts";
import { becomeInstance } from "../run/become-instance.ts";
import { readFingerprint } from "../run/fingerprint.ts";
import { type Loop, type LoopOptions, startLoop } from "../run/loop.ts";
import { createNews } from "../run/news.ts";
import { releaseUndone } from "../run/remember-undone.ts";
import { createServiceManager, type ServiceManager } from "../run/service-manager.ts";
import { spareMemory } from "../run/spare-memory.ts";
import { logFailure } from "../run/turns.ts";
import { createMemory } from "../state/memory.ts";
import { systemClock } from "../system-clock.ts";
import { trustAuthorities } from "../trust-authorities.ts";

/** How often the kernel is asked for its addresses. */
const WATCH_MS = 5_000;
/** What does not end by itself within this after a signal is left behind: the state is whole at any time. */
const END_MS = 700;

/** Keeps the names up to date until a signal ends it. */
export async function run(context: Context): Promise<ExitCode> {
  spareMemory();
  // As others see it: without, Node calls it MainThread.
  process.title = "update-route53";
  const { given, environment, log } = context;
  const own = createJob(given, environment, log);
  const ending = endOnSignal();
  const manager = createServiceManager(environment, log.warn);
  let loop: Loop | undefined;
  let missedReload = false;
  // From the start on: without these, a SIGHUP would end the program, and a SIGUSR1 open Node's debugger.
  process.on("SIGUSR1", () => loop?.checkNow());
  process.on("SIGHUP", () => {
    if (loop) reload(loop, manager);
    else missedReload = true;
  });
  const stop = ending.signal;
  const instance = await becomeInstance(own.settings.state_directory ?? "", stop, log);
  if (instance === undefined) return exitCode.ok;
  const options = loopOptions(own, context, { instance, stop, manager });
  loop = startLoop(options);
  manager.ready();
  if (missedReload) reload(loop, manager);
  try {
    await loop.ended;
  } finally {
    ending.abort();
    await manager.stopping();
    const left = releaseUndone(options);
    if (left > 0)
      log.warn(`ended before ${left} handed requests were done: the next start checks the address`);
  }
  return exitCode.ok;
}

/** SIGTERM and SIGINT end the program with 0, whatever it is doing. */
function endOnSignal(): AbortController {
  const stop = new AbortController();
  const end = () => {
    stop.abort();
    setTimeout(() => process.exit(exitCode.ok), END_MS).unref();
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  return stop;
}

interface Parts {
  readonly instance: Instance;
  readonly stop: AbortSignal;
  readonly manager: ServiceManager;
}

function loopOptions(own: Job, context: Context, { instance, stop, manager }: Parts): LoopOptions {
  const { log } = context;
  const news = createNews({
    report: (outcome) => report(outcome, context, manager),
    recovered: (outcome) => reportRecovery(outcome, context, manager),
  });
  return {
    own,
    instance,
    createJob: (request) => createHandedJob(request, log),
    reload() {
      const job = reloadJob(own, context);
      if (job) news.forget();
      return job;
    },
    report: news.tell,
    world: { clock: systemClock, log, memory: createMemory(log), earliestMs: buildTimeMs, stop },
    fingerprint: ({ settings }) => readFingerprint(settings),
    alive: manager.alive,
    tickMs: Math.min(WATCH_MS, manager.watchdogMs ?? WATCH_MS),
  };
}

/** The job by the configuration as it is now; undefined where that cannot be used. */
function reloadJob({ settings }: Job, { given, environment, log }: Context): Job | undefined {
  let job: Job;
  try {
    job = createJob(given, environment, log);
    trustAuthorities(job.authorities);
  } catch (error) {
    logFailure(error, log, "; the settings stay as they were");
    return undefined;
  }
  log.info("read the configuration again");
  const { state_directory } = settings;
  if (state_directory === undefined || job.settings.state_directory === state_directory) return job;
  // The instance is that of the directory, so that one cannot change without the other.
  log.warn(`state_directory: stays ${state_directory} until the program is started again`);
  return { ...job, settings: { ...job.settings, state_directory } };
}

/** systemd wants to hear of the end of a reload, also of one that changed nothing. */
function reload(loop: Loop, manager: ServiceManager): void {
  manager.reloading();
  loop.reload();
  manager.ready();
}

function report(outcome: Outcome, { given, print, log }: Context, manager: ServiceManager): void {
  const line = describeOutcome(outcome) ?? "";
  manager.status(line);
  if (given.switches.has("json")) print(encodeOutcome(outcome));
  else if (outcomeExitCode(outcome) === exitCode.ok) print(line);
  else log.error(line, outcomeFields(outcome));
}

function reportRecovery(outcome: Outcome, { given, print }: Context, manager: ServiceManager): void {
  const line = describeRecovery(outcome);
  manager.status(line);
  print(given.switches.has("json") ? encodeOutcome(outcome) : line);
}
