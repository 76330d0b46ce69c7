import { setImmediate } from "node:timers/promises";

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock that moves to whoever is to wake next, as soon as everybody sleeps. */
export interface ScheduledClock {
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  /** Never calls back: what lives on this clock ends by itself. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Sets the wall clock, as `date -s` would, or a suspended machine that wakes up. */
  readonly jump: (ms: number) => void;
  /** Lets time pass until the condition holds; the wall clock then. */
  readonly runUntil: (condition: () => boolean) => Promise<number>;
}

const MOST_STEPS = 1_000_000;

/** @param random what the clock's `random` gives, in turn */
export function createScheduledClock(startMs: number, random: () => number = () => 0.5): ScheduledClock {
  let monotonicMs = 0;
  let offsetMs = startMs;
  const sleepers = new Set<Sleeper>();
  const now = () => monotonicMs + offsetMs;
  return {
    now,
    monotonicMs: () => monotonicMs,
    after: () => () => {},
    random,
    sleep(ms, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { atMs: monotonicMs + ms, wake };
        sleepers.add(sleeper);
        signal.addEventListener("abort", wake);
      });
    },
    jump(ms) {
      offsetMs += ms;
    },
    async runUntil(condition) {
      for (let steps = 0; steps < MOST_STEPS; steps += 1) {
        await setImmediate();
        if (condition()) return now();
        const [next] = [...sleepers].sort((a, b) => a.atMs - b.atMs);
        if (!next) continue;
        monotonicMs = Math.max(monotonicMs, next.atMs);
        next.wake();
      }
      throw new Error(`expected ${condition} to become true, and it did not`);
    },
  };
}
