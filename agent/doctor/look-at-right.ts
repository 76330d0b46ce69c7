import { GetShardIteratorCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import type { Credentials } from "../config/credentials.ts";
import { createKinesisClient } from "../publish/kinesis-client.ts";
import { classifyPublishError, isClockToBlame } from "../publish/publish-error.ts";
import type { Target } from "../publish/publish-meanings.ts";
import type { RightFacts } from "./judge-right.ts";

export interface RightOptions {
  readonly endpoint: URL;
  readonly stream: string;
  readonly region: string | undefined;
  readonly credentials: Credentials | undefined;
  readonly localAddress: string | undefined;
  readonly configPath: string | undefined;
  readonly signal: AbortSignal;
}

/** No JSON, so that the function refuses it as no update, should a service ever write it. */
const NO_UPDATE = new TextEncoder().encode("update-route53 doctor: not an update");

const AWS_HOST =
  /\.(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/**
 * Asks, without writing, whether the credentials may put a record on the stream.
 * https://docs.aws.amazon.com/streams/latest/dev/kds-dryrun-validation.html: with DryRun, the service makes every
 * check and then answers DryRunOperationException. A service that does not know DryRun would write; so any but
 * AWS's own is first asked to dry-run a request that only reads.
 */
export async function lookAtRight(options: RightOptions): Promise<RightFacts> {
  const { endpoint, stream, region, credentials, localAddress, signal } = options;
  const client = createKinesisClient({ region, credentials, localAddress });
  const target = { ...options, region: await client.config.region() };
  const read = () =>
    client.send(
      new GetShardIteratorCommand({
        StreamName: stream,
        ShardId: "shardId-000000000000",
        ShardIteratorType: "LATEST",
        DryRun: true,
      }),
      { abortSignal: signal },
    );
  const put = () =>
    client.send(
      new PutRecordCommand({ StreamName: stream, PartitionKey: "doctor", Data: NO_UPDATE, DryRun: true }),
      { abortSignal: signal },
    );
  try {
    const isSafe = AWS_HOST.test(endpoint.hostname) ? "allowed" : await outcomeOf(read);
    if (isSafe === "taken") return { kind: "unsupported", detail: "this service does not know DryRun" };
    if (isSafe !== "allowed") return judgeRead(isSafe.error, target);
    const outcome = await outcomeOf(put);
    if (typeof outcome === "string") return { kind: outcome };
    return { kind: "refused", error: classifyPublishError(outcome.error, target) };
  } finally {
    client.destroy();
  }
}

type RequestOutcome = "allowed" | "taken" | { readonly error: unknown };

/** Sends a request; once more where the clock may have been the only trouble, which the SDK then corrects. */
async function outcomeOf(send: () => Promise<unknown>): Promise<RequestOutcome> {
  const once = () =>
    send().then(
      (): RequestOutcome => "taken",
      (error: unknown): RequestOutcome =>
        error instanceof Error && error.name === "DryRunOperationException" ? "allowed" : { error },
    );
  const first = await once();
  return typeof first !== "string" && isClockToBlame(first.error, Date.now()) ? once() : first;
}

/** A device may only put: that it may not read says nothing of that. */
function judgeRead(error: unknown, target: Target): RightFacts {
  const isOnlyReading = error instanceof Error && error.name === "AccessDeniedException";
  if (isOnlyReading) return { kind: "unsupported", detail: "whether this service knows DryRun is not known" };
  return { kind: "refused", error: classifyPublishError(error, target) };
}
