import type { Evidence } from "./follow-up-evidence.ts";
import type { Pace } from "./pace.ts";
import type { Zone } from "./zone.ts";

/** The zones that were found denied as a whole, when, and why. */
export type Denials = Map<Zone, { readonly evidence: Evidence; readonly atMs: number }>;

/** So long, one denied call is enough. Then names are tried alone again, as the policy may have changed for some. */
const REMEMBERED_MS = 180_000;

const denialsByPace = new WeakMap<Pace, Denials>();

/**
 * The zones that were found denied in this invocation or a short while before; to be kept up to date by the caller.
 * An event may have more denied zones than one invocation can find out about: the next has fewer to do. They belong
 * to a pace, as both are the account's, and all invocations of a process share them.
 */
export function knownDenials(pace: Pace, nowMs: number): Denials {
  const denials: Denials = denialsByPace.get(pace) ?? new Map();
  denialsByPace.set(pace, denials);
  for (const [zone, { atMs }] of denials) if (nowMs - atMs >= REMEMBERED_MS) denials.delete(zone);
  return denials;
}
