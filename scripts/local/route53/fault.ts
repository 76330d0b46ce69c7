// Faults put into the local Route 53 by a test or a story: each strikes the calls it is meant for, and then is spent.
import type { Route53Error } from "./error.ts";

/** What goes wrong. With neither `error` nor `reset` the call is only delayed. */
export interface Fault {
  /** Answered in place of the result. */
  readonly error?: Route53Error;
  /** The connection is cut with no answer at all. */
  readonly reset?: boolean;
  /** Waited first. */
  readonly delayMs?: number;
  /** The change is made before the fault strikes: what a client cannot tell from a failure. */
  readonly afterApplying?: boolean;
}

export interface FaultPlan<Call> {
  /** How many calls it strikes; default 1, `Infinity` until `clear`. */
  readonly times?: number;
  /** Which calls it is meant for; default all. */
  readonly when?: (call: Call) => boolean;
}

export interface Faults<Call> {
  /** Faults strike in the order in which they were added; one call is struck by one fault. */
  add(fault: Fault, plan?: FaultPlan<Call>): void;
  clear(): void;
  /** How many strikes are still to come. */
  pending(): number;
  /** The fault that strikes this call, which is thereby spent once; nothing where none is meant for it. */
  take(call: Call): Fault | undefined;
}

export function createFaults<Call>(): Faults<Call> {
  let queue: { readonly fault: Fault; readonly when: (call: Call) => boolean; left: number }[] = [];
  return {
    add(fault, { times = 1, when = () => true } = {}) {
      queue.push({ fault, when, left: times });
    },
    clear() {
      queue = [];
    },
    pending: () => queue.reduce((sum, { left }) => sum + left, 0),
    take(call) {
      const entry = queue.find(({ when }) => when(call));
      if (!entry) return undefined;
      entry.left -= 1;
      queue = queue.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}
