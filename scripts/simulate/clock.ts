/** A clock that stands still until somebody waits: then it is at once as late as they wished. */
export interface VirtualClock {
  readonly now: () => number;
  /** The same: nobody sets it. */
  readonly elapsedMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export function createVirtualClock(startMs = 0): VirtualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    elapsedMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
  };
}
