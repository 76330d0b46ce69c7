import { setTimeout } from "node:timers/promises";
import type { Clock } from "./publish/retry.ts";

/** The clock of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: Math.random,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
};
