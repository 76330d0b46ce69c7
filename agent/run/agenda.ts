import type { Job } from "../job.ts";
import { deadlineSeconds } from "../settle.ts";
import { subjectOf } from "../work.ts";
import { regularWaitMs, retryWaitMs } from "./schedule.ts";

/** How a job ended; `failed` may work soon, `interrupted` ended early because of something newer. */
export type Ending = "done" | "failed" | "interrupted";

/** A job that another process has handed over. */
interface Handed {
  readonly job: Job;
  /** So long it is worth trying again. */
  patienceMs: number;
  failures: number;
  isFresh: boolean;
}

/** What there is to do: the loop's own job when it is due, and the jobs of others as they come. */
export interface Agenda {
  readonly own: () => Job;
  readonly replaceOwn: (job: Job) => void;
  /** Takes in a job of another process; an older one about the same thing is dropped. */
  readonly add: (job: Job) => void;
  readonly checkNow: () => void;
  readonly pass: (ms: number) => void;
  readonly dueInMs: () => number;
  readonly hasWork: () => boolean;
  /** The jobs to do now, in order; the own one last, because it asks what is true. */
  readonly take: () => readonly Job[];
  readonly conclude: (job: Job, ending: Ending) => void;
}

export function createAgenda(first: Job, random: () => number): Agenda {
  let own = first;
  let dueInMs = 0;
  let failures = 0;
  const handed = new Map<string, Handed>();
  const pace = () => ({ intervalSeconds: own.settings.interval_seconds ?? 300, random });
  const dueWithin = (ms: number) => {
    dueInMs = Math.min(dueInMs, ms);
  };
  const isDue = () => dueInMs <= 0;
  const fresh = () => [...handed.values()].filter(({ isFresh }) => isFresh);

  function concludeOwn(ending: Ending): void {
    failures = ending === "failed" ? failures + 1 : 0;
    // What came up meanwhile stays due.
    if (ending === "interrupted") dueInMs = 0;
    else if (!isDue()) dueInMs = failures > 0 ? retryWaitMs(failures, pace()) : regularWaitMs(pace());
  }

  function concludeHanded(key: string, entry: Handed, ending: Ending): void {
    if (ending === "done" || entry.patienceMs <= 0) return void handed.delete(key);
    if (ending === "failed") entry.failures += 1;
    dueWithin(ending === "interrupted" ? 0 : retryWaitMs(entry.failures, pace()));
  }

  return {
    own: () => own,
    replaceOwn(job) {
      own = job;
      failures = 0;
    },
    add(job) {
      const key = keyOf(job);
      if (key === keyOf(own)) return dueWithin(0);
      handed.delete(key);
      handed.set(key, { job, patienceMs: deadlineSeconds(job) * 1000, failures: 0, isFresh: true });
    },
    checkNow: () => dueWithin(0),
    pass(ms) {
      dueInMs -= ms;
      for (const entry of handed.values()) entry.patienceMs -= ms;
    },
    dueInMs: () => dueInMs,
    hasWork: () => isDue() || fresh().length > 0,
    take() {
      const entries = isDue() ? [...handed.values()] : fresh();
      for (const entry of entries) entry.isFresh = false;
      const jobs = entries.map(({ job }) => job);
      if (!isDue()) return jobs;
      dueInMs = regularWaitMs(pace());
      return [...jobs, own];
    },
    conclude(job, ending) {
      const key = keyOf(job);
      const entry = handed.get(key);
      if (job === own) concludeOwn(ending);
      // A newer one about the same thing may have come meanwhile.
      else if (entry?.job === job) concludeHanded(key, entry, ending);
    },
  };
}

function keyOf(job: Job): string {
  return `${job.isForced} ${subjectOf(job)}`;
}
