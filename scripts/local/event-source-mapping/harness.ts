// For tests over the wire: a real Kinesis, real functions, and mappings between them.
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { createKinesisClient } from "../kinesis/client.ts";
import { startKinesis } from "../kinesis/kinesis.ts";
import type { LocalFunction } from "../lambda/runtime.ts";
import type { Delivery } from "./deliver.ts";
import type { InvocationRecord } from "./encode.ts";
import {
  type EventSourceMapping,
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from "./event-source-mapping.ts";

// One in each half of the hash keys: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
const HASH_KEYS = ["0", String(2n ** 128n - 1n)];

/** The texts of a delivery's records. */
export function textsOf({ streamRecords }: Pick<Delivery, "streamRecords">): string[] {
  return streamRecords.map(({ kinesis }) => Buffer.from(kinesis.data, "base64").toString());
}

/**
 * The source of a function that runs `body` for the text of each record, logs what it has done, and answers as
 * `kind` says: "throw" stops at the first error, "report" stops there and reports that record.
 */
export function perRecord(kind: "throw" | "report", body: string): string {
  return `
    const attempts = new Map();
    export const handler = async (event) => {
      for (const { kinesis } of event.Records) {
        const text = Buffer.from(kinesis.data, "base64").toString();
        const attempt = (attempts.get(text) ?? 0) + 1;
        attempts.set(text, attempt);
        try { ${body} } catch (error) {
          if (${kind === "throw"}) throw error;
          return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] };
        }
        process.stdout.write("done " + text + "\\n");
      }
      return { batchItemFailures: [] };
    };`;
}

/** The texts that functions of `perRecord` have finished, in order. */
export function doneBy(local: LocalFunction): string[] {
  return local.logLines.filter((line) => line.startsWith("done ")).map((line) => line.slice("done ".length));
}

export async function startHarness(streamCount: number, shards = 2) {
  const names = Array.from({ length: streamCount }, (_, index) => `stream-${index}`);
  const kinesis = await startKinesis({ streams: names.map((name) => ({ name, shards })) });
  const client = createKinesisClient(kinesis);
  let last: EventSourceMapping | undefined;

  return {
    kinesis,
    client,
    /** A stream that no other test uses. */
    takeStream(): string {
      const name = names.pop();
      if (!name) throw new Error("harness: expected a stream to be left");
      return name;
    },
    /** Puts records, in this order. Resolves with their sequence numbers. */
    async put(StreamName: string, texts: string[], shard = 0): Promise<string[]> {
      const entry = { PartitionKey: "host.example.", ExplicitHashKey: HASH_KEYS[shard] };
      const Records = texts.map((text) => ({ ...entry, Data: Buffer.from(text) }));
      const answer = await client.send(new PutRecordsCommand({ StreamName, Records }));
      return answer.Records?.map((one) => one.SequenceNumber ?? "") ?? [];
    },
    /** Starts a mapping that notes what it does. The one before ends. */
    async map(
      streamName: string,
      local: Pick<LocalFunction, "invoke" | "functionArn">,
      options: Omit<Partial<EventSourceMappingOptions>, "settings"> & {
        settings?: Partial<EventSourceMappingOptions["settings"]>;
      } = {},
    ) {
      await last?.close();
      const deliveries: Delivery[] = [];
      const discarded: InvocationRecord[] = [];
      const problems: string[] = [];
      const mapping = await startEventSourceMapping({
        kinesis,
        streamName,
        function: local,
        pollIntervalMs: 10,
        retryDelay: { first: 5, longest: 20 },
        onBatch: (delivery) => deliveries.push(delivery),
        onFailureDestination: (invocationRecord) => void discarded.push(invocationRecord),
        onProblem: (message) => problems.push(message),
        ...options,
        settings: { startingPosition: "TRIM_HORIZON", ...options.settings },
      });
      last = mapping;
      return { ...mapping, deliveries, discarded, problems };
    },
    async close(): Promise<void> {
      await last?.close();
      client.destroy();
      await kinesis.close();
    },
  };
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;
