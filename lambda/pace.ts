/** Keeps calls under a rate that is shared by a whole account. */
export interface Pace {
  /** How long the next call must wait. */
  delayMs(nowMs: number): number;
  /** Says that a call has ended. */
  ended(nowMs: number): void;
  /** Says that no call may start before an instant. */
  holdUntil(untilMs: number): void;
}

/**
 * A pace of so many calls in any period. A call waits for the end, not the start, of the call that many before
 * it: so their arrivals at the service are a period apart, however long each was under way.
 */
export function createPace(calls: number, periodMs: number): Pace {
  const ends: number[] = [];
  let heldUntilMs = 0;
  return {
    delayMs(nowMs) {
      const oldest = ends.length < calls ? 0 : (ends[0] ?? 0) + periodMs;
      return Math.max(0, oldest - nowMs, heldUntilMs - nowMs);
    },
    ended(nowMs) {
      ends.push(nowMs);
      if (ends.length > calls) ends.shift();
    },
    holdUntil(untilMs) {
      heldUntilMs = Math.max(heldUntilMs, untilMs);
    },
  };
}

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 5_000;

/**
 * How long to wait after the nth failure in a row: exponential, between half and all of it at random, so that
 * several functions that failed together do not come back together.
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
  return Math.round(ceiling * (0.5 + random / 2));
}
