import type { ChangeBatch } from "./change-batch.ts";
import type { Pace } from "./pace.ts";
import type { SendChangeBatch } from "./route53.ts";
import { type Failure, readFailure } from "./route53-failure.ts";

/** What a call needs of the world. */
export interface CallWorld {
  readonly send: SendChangeBatch;
  /** Shared by all invocations in this process. */
  readonly pace: Pace;
  /** The time of day. */
  readonly now: () => number;
  /** A clock that nobody sets, to measure by: one that is set back an hour would make each call wait that long. */
  readonly elapsedMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface Acceptance {
  readonly changeId: string;
  /** The time of day when Route 53 had accepted it. */
  readonly atMs: number;
}

/** Waits until a call may be made; false where the time does not allow it. */
export async function hasItsTurn(
  notBeforeMs: number,
  { pace, elapsedMs, sleep }: CallWorld,
  remainingMs: () => number,
): Promise<boolean> {
  const nowMs = elapsedMs();
  const waitMs = Math.max(pace.delayMs(nowMs), notBeforeMs - nowMs);
  if (waitMs >= remainingMs()) return false;
  if (waitMs > 0) await sleep(waitMs);
  return remainingMs() > 0;
}

/** Makes a call, and cuts it off after its time. Never rejects. */
export async function call(
  batch: ChangeBatch,
  { send, pace, now, elapsedMs }: CallWorld,
  timeoutMs: number,
): Promise<Acceptance | Failure> {
  try {
    const changeId = await send(batch, AbortSignal.timeout(Math.ceil(timeoutMs)));
    return { changeId, atMs: now() };
  } catch (error) {
    return readFailure(error);
  } finally {
    pace.ended(elapsedMs());
  }
}
