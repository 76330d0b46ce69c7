import type { World } from "../cycle.ts";
import type { Agenda } from "./agenda.ts";
import type { Turns } from "./turns.ts";

export interface WatchTimeOptions {
  readonly world: World & { readonly stop: AbortSignal };
  readonly agenda: Agenda;
  readonly turns: Turns;
  readonly fingerprint: () => string;
  readonly alive: (ms: number) => void;
  /** Says that there may be something to do. */
  readonly ring: () => void;
  readonly tickMs: number;
}

/** So much later than it should, a tick tells that the machine was suspended or its clock set. */
const LATE_MS = 30_000;

/**
 * Lets time pass for a loop, tick by tick until it is stopped, and looks at the kernel's addresses at each.
 * Ticks, and not instants, make the time: the wall clock of a router jumps by years, and the other clock
 * stands still while a machine is suspended.
 */
export async function watchTime(options: WatchTimeOptions): Promise<void> {
  const { world, agenda, turns, ring, alive, tickMs } = options;
  const { clock, log, stop } = world;
  let fingerprint = options.fingerprint();
  while (!stop.aborted) {
    const startedAtMs = clock.now();
    const dueInMs = agenda.dueInMs();
    const ms = dueInMs > 0 ? Math.min(tickMs, dueInMs) : tickMs;
    await clock.sleep(ms, stop);
    agenda.pass(ms);
    turns.pass(ms);
    const now = options.fingerprint();
    const reason = reasonToCheck(clock.now() - startedAtMs - ms, fingerprint, now);
    fingerprint = now;
    if (reason !== undefined) {
      log.debug(`${reason}: checking the address`);
      agenda.checkNow();
    }
    if (!turns.isStuck()) alive(ms);
    if (agenda.hasWork()) ring();
  }
}

function reasonToCheck(lateMs: number, before: string, now: string): string | undefined {
  if (Math.abs(lateMs) > LATE_MS) return `the clock moved by ${Math.round(lateMs / 1000)} s`;
  return now === before ? undefined : `the kernel says ${now.replaceAll("\n", ", ")}`;
}
