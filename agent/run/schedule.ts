/** So soon after a failure at the earliest: whatever is down is not to be hammered. */
const SHORTEST_WAIT_MS = 5_000;

/** What is known of the timing of a loop. */
export interface Pace {
  readonly intervalSeconds: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** How long until the next check: 10 % more or less, so that devices that started together drift apart. */
export function regularWaitMs({ intervalSeconds, random }: Pace): number {
  return intervalSeconds * 1000 * (0.9 + 0.2 * random());
}

/**
 * How long until the next try after so many failures in a row: from half of a limit up to it, which doubles
 * until it is the interval.
 */
export function retryWaitMs(failures: number, { intervalSeconds, random }: Pace): number {
  const limitMs = Math.min(intervalSeconds * 1000, SHORTEST_WAIT_MS * 2 ** failures);
  return Math.max(SHORTEST_WAIT_MS, limitMs * (0.5 + random() / 2));
}
