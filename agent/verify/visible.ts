import { setTimeout } from "node:timers/promises";
import type { Address } from "../../lambda/contract/address.ts";
import type { Fqdn } from "../../lambda/contract/fqdn.ts";
import { askNameServers, type ServerAnswer } from "./ask-name-servers.ts";
import { isExactly } from "./authoritative-answer.ts";
import type { NameServer } from "./authority.ts";

/** What to wait for: a name that has this address, and no other of its family. */
export interface Expectation {
  readonly fqdn: Fqdn;
  readonly address: Address;
  /** Where there are none, nothing is ever visible. */
  readonly servers: readonly NameServer[];
}

export interface WaitOptions {
  /** Ends the wait. The only limit in time. */
  readonly signal: AbortSignal;
  /** How long to wait before the second round; every later pause is longer, up to five seconds. */
  readonly pollMs?: number;
  /** Called after each round of questions but the one that the signal cuts short. */
  readonly onProgress?: (sighting: Sighting) => void;
  /** Waits so long, or until the signal. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A clock that nobody sets. */
  readonly nowMs?: () => number;
}

/** What there was to see. */
export interface Sighting {
  /** Whether every server answers the address. */
  readonly isVisible: boolean;
  /** What each server said last. */
  readonly answers: readonly ServerAnswer[];
  readonly elapsedMs: number;
}

const POLL_MS = 1_000;
const LONGEST_POLL_MS = 5_000;
const BACKOFF = 1.5;

/**
 * Asks the servers again and again until all of them answer the new address, in the same round, or until the
 * signal. Never throws for what happens outside.
 */
export async function untilVisible(expectation: Expectation, options: WaitOptions): Promise<Sighting> {
  const { signal, pollMs = POLL_MS, onProgress, sleep = pause, nowMs = () => performance.now() } = options;
  const { fqdn, address, servers } = expectation;
  const startedMs = nowMs();
  let last: readonly ServerAnswer[] = [];
  for (let waitMs = pollMs; ; waitMs = Math.min(waitMs * BACKOFF, LONGEST_POLL_MS)) {
    const answers = await askNameServers(servers, { fqdn, family: address.family }, signal);
    last = signal.aborted ? answers.map((answer, index) => heardLast(answer, last[index])) : answers;
    const isVisible = answers.length > 0 && answers.every((answer) => isExactly(answer, address.text));
    const sighting = { isVisible, answers: last, elapsedMs: nowMs() - startedMs };
    if (isVisible || signal.aborted || servers.length === 0) return sighting;
    onProgress?.(sighting);
    await sleep(waitMs, signal);
  }
}

/** A server that the signal cuts short has not taken back what it said before. */
function heardLast(answer: ServerAnswer, before: ServerAnswer | undefined): ServerAnswer {
  return answer.state === "unavailable" && before ? before : answer;
}

/** Ends early at the signal, and only then. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
