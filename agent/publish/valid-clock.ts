import type { Clock } from "./retry.ts";

const POLL_MS = 500;

/**
 * Waits until the system's clock can be right. A router without a battery starts in the past, and with such
 * a clock every certificate is not valid yet and every signature too old.
 * @param earliestMs when this program was built: no right clock shows an earlier time
 * @returns whether the clock can be right now
 */
export async function untilClockValid(
  earliestMs: number,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
  clock: Clock,
): Promise<boolean> {
  while (clock.now() < earliestMs) {
    if (signal.aborted || clock.monotonicMs() + POLL_MS >= deadlineMs) return false;
    await clock.sleep(POLL_MS, signal);
  }
  return true;
}
