import {
  type _Record,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
} from "@aws-sdk/client-kinesis";

export interface ShardRead {
  readonly fromStream: readonly _Record[];
  /** There was nothing more in the shard. */
  readonly isAtTip: boolean;
}

export interface ShardReader {
  /** Reads on where the last successful read ended. A read that rejects has lost nothing. */
  read(signal: AbortSignal): Promise<ShardRead>;
  /** The shard was split or merged, and everything in it is read. */
  isEnded(): boolean;
}

type Position = Pick<
  GetShardIteratorCommandInput,
  "ShardIteratorType" | "StartingSequenceNumber" | "Timestamp"
>;

/**
 * Opens a shard. With LATEST, what is put after this resolves will be read, also when the iterator expires
 * before the first record: an iterator lives for five minutes without a read, and a laptop sleeps longer.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
 */
export async function openShard(
  client: KinesisClient,
  shard: { readonly StreamARN: string; readonly ShardId: string },
  startingPosition: "TRIM_HORIZON" | "LATEST",
): Promise<ShardReader> {
  const openedAt = new Date();
  const iteratorAt = async (from: Position) =>
    (await client.send(new GetShardIteratorCommand({ ...shard, ...from }))).ShardIterator;

  let iterator = await iteratorAt({ ShardIteratorType: startingPosition });
  let position: Position =
    startingPosition === "LATEST"
      ? { ShardIteratorType: "AT_TIMESTAMP", Timestamp: openedAt }
      : { ShardIteratorType: "TRIM_HORIZON" };

  async function readOnce(abortSignal: AbortSignal): Promise<ShardRead> {
    if (iterator === undefined) return { fromStream: [], isAtTip: true };
    const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator }), { abortSignal });
    const fromStream = answer.Records ?? [];
    const StartingSequenceNumber = fromStream.at(-1)?.SequenceNumber;
    if (StartingSequenceNumber) {
      position = { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber };
    }
    iterator = answer.NextShardIterator;
    return { fromStream, isAtTip: fromStream.length === 0 && (answer.MillisBehindLatest ?? 0) === 0 };
  }

  return {
    async read(signal) {
      try {
        return await readOnce(signal);
      } catch (error) {
        if (!(error instanceof ExpiredIteratorException)) throw error;
        iterator = await iteratorAt(position);
        return await readOnce(signal);
      }
    },
    isEnded: () => iterator === undefined,
  };
}
