import { setTimeout } from "node:timers/promises";
import type { Clock } from "./publish/retry.ts";

/** The clock of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  random: Math.random,
  after(ms, callback) {
    const timer = globalThis.setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
};
