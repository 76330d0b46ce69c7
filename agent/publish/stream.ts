import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { howToSet } from "../config/how-to-set.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Receipt } from "../outcome.ts";
import { createKinesisClient, type KinesisClientOptions } from "./kinesis-client.ts";
import type { StreamRecord } from "./stream-record.ts";

export interface Stream {
  /**
   * Puts one record, in one attempt. Rejects with the SDK's own errors; `classifyPublishError` tells what
   * they mean. The next attempt corrects a clock that is wrong, by the Date of the answer to this one.
   */
  readonly put: (streamRecord: StreamRecord, signal: AbortSignal) => Promise<Receipt>;
  readonly region: string;
  /** The Date of the latest answer less our own time; 0 before there is one. */
  readonly clockOffsetMs: () => number;
  readonly close: () => void;
}

export interface StreamOptions extends KinesisClientOptions {
  /** The file that was read, for the message about what is missing in it. */
  readonly configPath: string | undefined;
}

/**
 * Connects to Kinesis. What is not given is found as the AWS SDK finds it.
 * @throws {ExpectedFailure} 78 where no region is found
 */
export async function connectStream({ configPath, ...options }: StreamOptions): Promise<Stream> {
  const client = createKinesisClient(options);
  const region = await client.config.region().catch((cause: unknown) => {
    const problem = "region: expected the AWS region of the stream, found none";
    const fix = howToSet('region = "eu-west-1"', configPath);
    throw new ExpectedFailure(exitCode.configuration, `${problem}; ${fix}`, { cause });
  });
  let offsetMs = 0;
  // Nearest to the wire: it sees the answers that the SDK makes an error of, too.
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      offsetMs = readOffset(result.response) ?? offsetMs;
      return result;
    },
    { step: "deserialize", priority: "low", name: "clockOffset" },
  );
  return {
    region,
    async put(streamRecord, abortSignal) {
      // The SDK does not hand the signal to what finds the credentials, such as a program that hangs.
      const { SequenceNumber, ShardId } = await Promise.race([
        client.send(new PutRecordCommand(streamRecord), { abortSignal }),
        rejectOnAbort(abortSignal),
      ]);
      if (!SequenceNumber || !ShardId)
        throw new Error("Kinesis accepted the record without a sequence number");
      return { sequenceNumber: SequenceNumber, shardId: ShardId };
    },
    clockOffsetMs: () => offsetMs,
    close: () => client.destroy(),
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  return promise;
}

function readOffset(response: unknown): number | undefined {
  const { headers = {} } = response as { headers?: Readonly<Record<string, string>> };
  const offsetMs = Date.parse(headers.date ?? "") - Date.now();
  return Number.isNaN(offsetMs) ? undefined : offsetMs;
}
