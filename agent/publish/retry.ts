/** What waiting needs of the world. */
export interface Clock {
  /** Unix time, which may jump: a router without a battery learns the time only after a while. */
  readonly now: () => number;
  /** Since some instant, on a clock that nobody sets: all that deadlines are made of. */
  readonly monotonicMs: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Calls back after the time; gives what cancels that. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Resolves after the time, or at once when the signal ends the wait. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface RetryOptions {
  readonly isRetryable: (error: unknown) => boolean;
  /** No attempt but the first begins after this instant of the clock that nobody sets. */
  readonly deadlineMs: number;
  /** Ends the waiting between attempts: something newer has come up. */
  readonly signal: AbortSignal;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const LAST_ATTEMPT_MS = 500;

/**
 * How long to wait after so many failures: full-jitter exponential backoff, random up to a limit that
 * doubles. Thousands of devices that lost the same service then do not come back at once
 * (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
 */
export function backoffMs(failures: number, { random }: Clock): number {
  return random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
}

/** Tries until it works or the deadline is over; rejects with the error of the last attempt. */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions, clock: Clock): Promise<T> {
  const { isRetryable, deadlineMs, signal } = options;
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      // The last attempt is made shortly before the deadline, however long the wait was to be.
      const leftMs = deadlineMs - clock.monotonicMs() - LAST_ATTEMPT_MS;
      const waitMs = Math.min(backoffMs(failures, clock), leftMs);
      if (!isRetryable(error) || signal.aborted || leftMs <= 0) throw error;
      await clock.sleep(waitMs, signal);
      if (signal.aborted) throw error;
    }
  }
}
