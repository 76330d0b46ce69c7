import { type ExitCode, ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Job } from "../job.ts";
import type { Instance } from "../lock/instance.ts";
import type { Log } from "../log.ts";
import { type Outcome, outcomeExitCode } from "../outcome.ts";
import { deadlineSeconds, finish, type SettleOptions } from "../settle.ts";
import type { Ending } from "./agenda.ts";

/** Doing jobs, one at a time; something newer may cut the present one short. */
export interface Turns {
  /**
   * Rejects with a failure of the first job of our own, which a person sees, and with a bug in any; later ones
   * only end in the log. What another process has handed over never rejects.
   */
  readonly take: (job: Job, isOwn: boolean) => Promise<Ending>;
  /** Ends what waits, unless the turn before was cut short already and the present one is young. */
  readonly interrupt: () => void;
  readonly pass: (ms: number) => void;
  /** Whether the present job has gone on for longer than any should. */
  readonly isStuck: () => boolean;
}

export interface TurnOptions extends Omit<SettleOptions, "isLoop"> {
  readonly stop: AbortSignal;
}

/** Without this, nothing would ever be finished while events never end. */
const PROTECTED_MS = 10_000;
/** A job ends at its deadline; the last attempt and the detection may take a little longer. */
const GRACE_MS = 60_000;

export function createTurns(options: TurnOptions): Turns {
  const { log } = options.world;
  let turn: Turn | undefined;
  let last: Ending | undefined;
  let hasBegun = false;
  let told = "";
  const tellFailure = (error: unknown, isOwn: boolean) => {
    if (!isOwn) return log.error(messageOf(error));
    if (!hasBegun) throw error;
    // The same wrong setting fails at every check: once is enough.
    if (String(error) !== told) logFailure(error, log);
    told = String(error);
  };
  return {
    async take(job, isOwn) {
      turn = startTurn(job, options);
      try {
        last = await turn.ended;
        if (isOwn) [hasBegun, told] = [true, ""];
      } catch (error) {
        tellFailure(error, isOwn);
        last = "done";
      } finally {
        turn = undefined;
      }
      return last;
    },
    interrupt() {
      const isProtected = last === "interrupted" && (turn?.ageMs ?? 0) < PROTECTED_MS;
      if (!isProtected || options.stop.aborted) turn?.interrupt();
    },
    pass(ms) {
      if (turn) turn.ageMs += ms;
    },
    isStuck: () => turn !== undefined && turn.ageMs > deadlineSeconds(turn.job) * 1000 + GRACE_MS,
  };
}

interface Turn {
  readonly job: Job;
  readonly ended: Promise<Ending>;
  readonly interrupt: () => void;
  ageMs: number;
}

function startTurn(job: Job, options: TurnOptions): Turn {
  let isCut = false;
  // The job hears of requests through this, so that other events can interrupt it as well.
  const facade: Instance = { ...options.instance, onRequest: () => {} };
  const report = (outcome: Outcome) => {
    // Where nobody waited for an address, that none was learnt is no news.
    if (!isCut || outcome.outcome !== "unavailable") options.report(outcome);
  };
  const outcomes = finish(job, { ...options, instance: facade, report, isLoop: true });
  return {
    job,
    ended: outcomes.then((all) => (all.some(mayPass) ? (isCut ? "interrupted" : "failed") : "done")),
    interrupt() {
      isCut = true;
      facade.onRequest();
    },
    ageMs: 0,
  };
}

const PASSING: readonly ExitCode[] = [exitCode.noAddress, exitCode.tryAgain];

/** Whether another try may soon help. */
function mayPass(outcome: Outcome): boolean {
  return PASSING.includes(outcomeExitCode(outcome));
}

/** Logs a failure that we expect; everything else is a bug, and goes on up. */
export function logFailure(error: unknown, log: Log, consequence = ""): void {
  if (!(error instanceof ExpectedFailure)) throw error;
  log.error(`${error.message}${consequence}`);
}

/** What to say of an error of any kind, where it must end nothing. */
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
