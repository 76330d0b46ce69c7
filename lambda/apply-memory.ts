import type { Evidence } from "./follow-up-evidence.ts";
import type { Zone } from "./zone.ts";

/**
 * The zones that were found denied as a whole, when, and why. All invocations of a process share them: an event may
 * have more denied zones than one invocation can find out about, and the next has fewer to do.
 */
export type Denials = Map<Zone, { readonly evidence: Evidence; readonly atMs: number }>;

/** So long, one denied call is enough. Then names are tried alone again, as the policy may have changed for some. */
const REMEMBERED_MS = 180_000;

export const createDenials = (): Denials => new Map();

/** Forgets what was found out too long ago. */
export function forgetOldDenials(denials: Denials, nowMs: number): void {
  for (const [zone, { atMs }] of denials) if (nowMs - atMs >= REMEMBERED_MS) denials.delete(zone);
}
