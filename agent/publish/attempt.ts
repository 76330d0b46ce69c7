import type { Receipt } from "../outcome.ts";
import { isClockToBlame } from "./publish-error.ts";
import type { Clock } from "./retry.ts";
import type { Stream } from "./stream.ts";
import { createStreamRecord, type Publication, type StreamRecordOptions } from "./stream-record.ts";

export interface AttemptOptions {
  readonly stream: Stream;
  readonly recordOptions: StreamRecordOptions;
  readonly clock: Clock;
  /** Ends one request; made when it begins. */
  readonly createSignal: () => AbortSignal;
}

/** Half of the time for which the function takes a signed update, by its default. */
const LARGEST_SKEW_MS = 150_000;

/**
 * Puts one publication on the stream, in one request where the clock is right. Where it is wrong, the answer's
 * Date tells: AWS refuses the signature of the request, or accepts a record that the function would take for
 * too old, and the request is made once more with the right time.
 */
export async function attempt(publication: Publication, options: AttemptOptions): Promise<Receipt> {
  const { stream, recordOptions, clock, createSignal } = options;
  const correctionMs = () => (isLarge(stream.clockOffsetMs()) ? stream.clockOffsetMs() : 0);
  const put = (correctedByMs: number) => {
    // Made anew for each request: a signature tells when it was issued.
    const issuedAt = new Date(clock.now() + correctedByMs);
    return stream.put(createStreamRecord(publication, recordOptions, issuedAt), createSignal());
  };
  const correctedByMs = correctionMs();
  try {
    const receipt = await put(correctedByMs);
    const isIssuedInTime = !isLarge(stream.clockOffsetMs() - correctedByMs);
    if (recordOptions.sign === undefined || isIssuedInTime) return receipt;
  } catch (error) {
    if (!isClockToBlame(error, clock.now())) throw error;
  }
  return put(correctionMs());
}

const isLarge = (skewMs: number) => Math.abs(skewMs) > LARGEST_SKEW_MS;
