import { randomUUID } from "node:crypto";
import { boundAddress } from "../detect/sources.ts";
import { exitCode } from "../exit-code.ts";
import type { Job } from "../job.ts";
import type { Outcome } from "../outcome.ts";
import type { Published } from "../state/remember.ts";
import type { Step } from "./plan.ts";
import { type Clock, retry } from "./retry.ts";
import { signerOf } from "./sign.ts";
import type { Publication, StreamRecordOptions } from "./stream-record.ts";

export interface PublishOptions {
  /** On the clock that nobody sets. */
  readonly deadlineMs: number;
  /** Ends the waiting between attempts. */
  readonly signal: AbortSignal;
  /** Ends the attempt under way, too. */
  readonly stop?: AbortSignal | undefined;
}

const ATTEMPT_TIMEOUT_MS = 15_000;
/** Even where the deadline is over, an attempt has a chance. */
const SHORTEST_ATTEMPT_MS = 1_000;

/** One request, with the uuid that follows it through every log. */
export function createPublication({
  fqdn,
  address,
  ttlSeconds,
}: Extract<Step, { action: "publish" }>): Publication {
  return { fqdn, address, ttlSeconds, uuid: randomUUID() };
}

/** @throws {ExpectedFailure} 78 where the device has a key that cannot be used */
export function streamRecordOptions({ settings, device }: Job): StreamRecordOptions {
  return { stream: settings.stream ?? "", partitionKey: settings.partition_key, sign: signerOf(device) };
}

/** Puts every publication on the stream, each with as many attempts as the deadline allows. */
export async function publishAll(
  job: Job,
  publications: readonly Publication[],
  { deadlineMs, signal, stop, clock }: PublishOptions & { readonly clock: Clock },
): Promise<readonly Published[]> {
  // Loaded only here: the AWS SDK alone costs more time than all the rest.
  const { connectStream } = await import("./stream.ts");
  const { attempt } = await import("./attempt.ts");
  const { describeFailure, publishExitCode } = await import("./publish-error.ts");
  const recordOptions = streamRecordOptions(job);
  const localAddress = boundAddress(job.settings, "ipv4") ?? boundAddress(job.settings, "ipv6");
  const stream = await connectStream({
    region: job.settings.region,
    credentials: job.credentials,
    localAddress,
    configPath: job.configPath,
  });
  const target = { ...recordOptions, region: stream.region, configPath: job.configPath };
  // Not AbortSignal.any of the long-lived signal itself, which would remember every attempt.
  const ending = new AbortController();
  const end = () => ending.abort();
  if (stop?.aborted) end();
  stop?.addEventListener("abort", end);
  const isRetryable = (error: unknown) => publishExitCode(error) === exitCode.tryAgain;

  const publishOne = async (publication: Publication): Promise<Published> => {
    const { fqdn, address, uuid } = publication;
    const about = { fqdn, family: address.family, ip: address.text, uuid };
    const createSignal = () => {
      const remainingMs = Math.max(Math.ceil(deadlineMs - clock.monotonicMs()), SHORTEST_ATTEMPT_MS);
      const timeout = AbortSignal.timeout(Math.min(remainingMs, ATTEMPT_TIMEOUT_MS));
      return AbortSignal.any([ending.signal, timeout]);
    };
    const options = { stream, recordOptions, clock, createSignal };
    const errors: unknown[] = [];
    const attemptOnce = () =>
      attempt(publication, options).catch((error: unknown) => {
        errors.push(error);
        throw error;
      });
    const outcome: Outcome = await retry(attemptOnce, { isRetryable, deadlineMs, signal }, clock).then(
      (receipt) => ({ ...about, outcome: "published", ...receipt }),
      () => ({ ...about, outcome: "failed", ...describeFailure(errors, target) }),
    );
    return { publication, outcome };
  };
  try {
    return await Promise.all(publications.map(publishOne));
  } finally {
    stop?.removeEventListener("abort", end);
    stream.close();
  }
}
