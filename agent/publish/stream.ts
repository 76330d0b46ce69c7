import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Credentials } from "../config/credentials.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Receipt } from "../outcome.ts";
import type { StreamRecord } from "./stream-record.ts";

export interface Stream {
  /** Puts one record. Rejects with the SDK's own errors; `classifyPublishError` tells what they mean. */
  readonly put: (streamRecord: StreamRecord) => Promise<Receipt>;
  readonly close: () => void;
}

export interface StreamOptions {
  readonly region: string | undefined;
  readonly credentials: Credentials | undefined;
}

/**
 * Connects to Kinesis. What is not given is found as the AWS SDK finds it.
 * @throws {ExpectedFailure} 78 where no region is found
 */
export async function connectStream({ region, credentials }: StreamOptions): Promise<Stream> {
  const client = new KinesisClient({
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: 3,
    // The SDK's default for Kinesis opens an HTTP/2 session, and so a TLS handshake, for every call.
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5_000, requestTimeout: 10_000 }),
  });
  await client.config.region().catch((cause: unknown) => {
    throw new ExpectedFailure(exitCode.configuration, "region: expected an AWS region, found none", {
      cause,
    });
  });
  return {
    async put(streamRecord) {
      const { SequenceNumber, ShardId } = await client.send(new PutRecordCommand(streamRecord));
      if (!SequenceNumber || !ShardId)
        throw new Error("Kinesis accepted the record without a sequence number");
      return { sequenceNumber: SequenceNumber, shardId: ShardId };
    },
    close: () => client.destroy(),
  };
}
