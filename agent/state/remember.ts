import { exitCode } from "../exit-code.ts";
import type { Outcome } from "../outcome.ts";
import type { Publication } from "../publish/stream-record.ts";
import { type PendingEntry, type State, stateKey } from "./state.ts";

/** What became of one publication. */
export interface Published {
  readonly publication: Publication;
  readonly outcome: Outcome;
}

export interface RememberOptions {
  readonly nowMs: number;
  readonly refreshMs: number;
  /** From 0 to 1: spreads the refreshes of many devices that were switched on together. */
  readonly random: number;
  /** Whether a person gave the addresses. */
  readonly isGiven: boolean;
}

/**
 * The state after publications: acknowledged ones are published, those that may work later are pending. What
 * AWS refuses for good is neither, so that the next run tries what the configuration says by then.
 */
export function remember(state: State, results: readonly Published[], options: RememberOptions): State {
  const published = new Map(state.published);
  const pending = new Map(state.pending);
  for (const { publication, outcome } of results) {
    const key = stateKey(publication.fqdn, publication.address.family);
    const ip = publication.address.text;
    const before = pending.get(key);
    pending.delete(key);
    if (outcome.outcome === "published") published.set(key, acknowledged(publication, options));
    else if (outcome.outcome === "failed" && outcome.exitCode === exitCode.tryAgain) {
      pending.set(key, pendingEntry(ip, before, options));
    }
    // An earlier attempt may have reached the stream although no answer came back.
    else if (before) published.delete(key);
  }
  return { published, pending };
}

/**
 * The state before publications are sent that move a name: if the process dies before the answer, the stream
 * may have them or not, and what it had before is no longer certain. The same state where no name moves.
 */
export function announce(
  state: State,
  publications: readonly Publication[],
  options: Pick<RememberOptions, "nowMs" | "isGiven">,
): State {
  const pending = new Map(state.pending);
  for (const { fqdn, address } of publications) {
    const key = stateKey(fqdn, address.family);
    const ip = address.text;
    const known = state.published.get(key)?.ip ?? ip;
    const before = pending.get(key);
    if (known !== ip && before?.ip !== ip) pending.set(key, pendingEntry(ip, before, options));
  }
  const isChanged = [...pending].some(([key, entry]) => state.pending.get(key) !== entry);
  return isChanged ? { ...state, pending } : state;
}

function pendingEntry(
  ip: string,
  before: PendingEntry | undefined,
  { nowMs, isGiven }: Pick<RememberOptions, "nowMs" | "isGiven">,
): PendingEntry {
  const isSame = before?.ip === ip;
  if (isSame && (before.isGiven || !isGiven)) return before;
  return { ip, sinceMs: isSame ? before.sinceMs : nowMs, ...(isGiven && { isGiven }) };
}

function acknowledged({ address, ttlSeconds }: Publication, { nowMs, refreshMs, random }: RememberOptions) {
  // Up to a tenth sooner, never later than the setting says.
  const refreshAtMs = nowMs + Math.round(refreshMs * (1 - random / 10));
  return {
    ip: address.text,
    ...(ttlSeconds !== undefined && { ttlSeconds }),
    publishedAtMs: nowMs,
    refreshAtMs,
  };
}
