import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Credentials } from "../config/credentials.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Receipt } from "../outcome.ts";
import type { StreamRecord } from "./stream-record.ts";

export interface Stream {
  /**
   * Puts one record, in one attempt. Rejects with the SDK's own errors; `classifyPublishError` tells what
   * they mean. The next attempt corrects a clock that is wrong, by the Date of the answer to this one.
   */
  readonly put: (streamRecord: StreamRecord, signal: AbortSignal) => Promise<Receipt>;
  readonly close: () => void;
}

export interface StreamOptions {
  readonly region: string | undefined;
  readonly credentials: Credentials | undefined;
  /** The local address to send from; undefined leaves the choice to the system. */
  readonly localAddress: string | undefined;
}

/**
 * Connects to Kinesis. What is not given is found as the AWS SDK finds it.
 * @throws {ExpectedFailure} 78 where no region is found
 */
export async function connectStream({ region, credentials, localAddress }: StreamOptions): Promise<Stream> {
  const client = new KinesisClient({
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: 1,
    // The SDK's default for Kinesis opens an HTTP/2 session, and so a TLS handshake, for every call.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: 10_000,
      // Without this, the SDK only writes a warning when the time is over, and goes on waiting.
      throwOnRequestTimeout: true,
      ...(localAddress !== undefined && { httpsAgent: { localAddress }, httpAgent: { localAddress } }),
    }),
  });
  await client.config.region().catch((cause: unknown) => {
    throw new ExpectedFailure(exitCode.configuration, "region: expected an AWS region, found none", {
      cause,
    });
  });
  return {
    async put(streamRecord, abortSignal) {
      const { SequenceNumber, ShardId } = await client.send(new PutRecordCommand(streamRecord), {
        abortSignal,
      });
      if (!SequenceNumber || !ShardId)
        throw new Error("Kinesis accepted the record without a sequence number");
      return { sequenceNumber: SequenceNumber, shardId: ShardId };
    },
    close: () => client.destroy(),
  };
}
