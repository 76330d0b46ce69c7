import type { World } from "../cycle.ts";
import type { Job } from "../job.ts";
import type { HandedRequest, Instance } from "../lock/instance.ts";
import type { Outcome } from "../outcome.ts";
import { type Agenda, createAgenda } from "./agenda.ts";
import { createTurns, messageOf, type Turns } from "./turns.ts";
import { watchTime } from "./watch-time.ts";

export interface LoopOptions {
  readonly own: Job;
  readonly instance: Instance;
  /** The job of what another process has handed over. */
  readonly createJob: (request: HandedRequest) => Job;
  /** The own job by the settings as they are now; undefined where they cannot be used. */
  readonly reload: () => Job | undefined;
  readonly report: (outcome: Outcome) => void;
  readonly world: World & { readonly stop: AbortSignal };
  /** What the kernel says now of the addresses that matter; another text means that they have changed. */
  readonly fingerprint: (job: Job) => string;
  /** Called at every tick at which the loop is alive, with the time since the last one. */
  readonly alive: (ms: number) => void;
  readonly tickMs: number;
}

export interface Loop {
  /** Resolves after `stop`; rejects with a failure of the first check, or a bug. */
  readonly ended: Promise<unknown>;
  readonly checkNow: () => void;
  readonly reload: () => void;
}

/** After a round of handed jobs: what comes meanwhile is done together, by its latest state. */
const GATHER_MS = 2_000;

/**
 * Keeps names up to date until it is stopped: checks when it is due, when the kernel's addresses change and
 * when another process hands something over.
 */
export function startLoop(options: LoopOptions): Loop {
  const { instance, world } = options;
  const agenda = createAgenda(options.own, world.clock.random);
  const turns = createTurns({ ...options, stop: world.stop });
  const bell = { wake: () => {} };
  const ring = () => {
    turns.interrupt();
    bell.wake();
  };
  const checkNow = () => {
    agenda.checkNow();
    ring();
  };
  instance.onRequest = ring;
  world.stop.addEventListener("abort", ring, { once: true });
  const fingerprint = () => options.fingerprint(agenda.own());
  return {
    ended: Promise.all([
      work(options, { agenda, turns, bell }),
      watchTime({ ...options, agenda, turns, fingerprint, ring }),
    ]),
    checkNow,
    reload() {
      const job = options.reload();
      if (!job) return;
      agenda.replaceOwn(job);
      checkNow();
    },
  };
}

interface Parts {
  readonly agenda: Agenda;
  readonly turns: Turns;
  /** Something happened while there was nothing to do. */
  readonly bell: { wake: () => void };
}

async function work(options: LoopOptions, { agenda, turns, bell }: Parts): Promise<void> {
  const { clock, stop } = options.world;
  while (!stop.aborted) {
    const requests = options.instance.take();
    for (const request of requests) accept(request, agenda, options);
    const jobs = agenda.take();
    for (const job of jobs) {
      if (!stop.aborted) agenda.conclude(job, await turns.take(job, job === agenda.own()));
    }
    if (requests.length > 0) await clock.sleep(GATHER_MS, stop);
    else if (jobs.length === 0) await new Promise<void>((resolve) => Object.assign(bell, { wake: resolve }));
  }
}

/** Takes in what another process asks: in vain where its command line or its configuration is wrong. */
function accept(request: HandedRequest, agenda: Agenda, { createJob, world }: LoopOptions): void {
  try {
    agenda.add(createJob(request));
  } catch (error) {
    // Whatever it is: somebody else's request ends no loop.
    world.log.error(messageOf(error));
  }
}
