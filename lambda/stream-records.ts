import type { StreamRecord } from "./decode.ts";

/** Kinesis: digits without a leading zero. */
const SEQUENCE_NUMBER = /^(?:0|[1-9]\d{0,128})$/;

export interface StreamBatch {
  /** In the order of the shard. */
  readonly records: readonly StreamRecord[];
  /** Elements of the event that no Kinesis stream makes. */
  readonly malformed: number;
}

/**
 * The records of an event of Lambda's event source mapping for Kinesis, in the order of the shard.
 * Total: whatever is no such event has no records.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export function streamRecordsOf(event: unknown): StreamBatch {
  const elements = (event as { Records?: unknown } | null | undefined)?.Records;
  if (!Array.isArray(elements)) return { records: [], malformed: 1 };
  const found = elements.map(parseElement).filter((record) => record !== undefined);
  const malformed = elements.length - found.length;
  if (isInOrder(found)) return { records: found, malformed };
  const sorted = found.toSorted((a, b) => compareNumbers(a.arrival.sequenceNumber, b.arrival.sequenceNumber));
  const records = sorted.map((record, position) => ({ ...record, arrival: { ...record.arrival, position } }));
  return { records, malformed };
}

function parseElement(element: unknown, position: number): StreamRecord | undefined {
  const kinesis = (element as { kinesis?: Record<string, unknown> } | null | undefined)?.kinesis;
  const { sequenceNumber, approximateArrivalTimestamp: arrivedAt, data } = kinesis ?? {};
  if (typeof sequenceNumber !== "string" || !SEQUENCE_NUMBER.test(sequenceNumber)) return undefined;
  // Seconds, with the milliseconds as a fraction.
  const arrivedAtMs = typeof arrivedAt === "number" ? Math.round(arrivedAt * 1000) : Number.NaN;
  if (!Number.isSafeInteger(arrivedAtMs)) return undefined;
  return { arrival: { sequenceNumber, arrivedAtMs, position }, data };
}

function isInOrder(records: readonly StreamRecord[]): boolean {
  return records.every(({ arrival }, index) => {
    const next = records[index + 1]?.arrival.sequenceNumber;
    return next === undefined || compareNumbers(arrival.sequenceNumber, next) <= 0;
  });
}

/** Compares decimal numbers of any length: the longer is the greater. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
