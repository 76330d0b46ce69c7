// What a function's response says about the records it was given.
// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
import type { StreamRecords } from "./batch.ts";

function reportedIdentifiers(payload: unknown): readonly unknown[] | "none" | "malformed" {
  if (typeof payload !== "object" || payload === null) return "none";
  const { batchItemFailures } = payload as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return "none";
  if (!Array.isArray(batchItemFailures)) return "malformed";
  return batchItemFailures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
}

/**
 * How many records, from the first, a returned payload declares done. All for an empty or null response or
 * list; those before the lowest sequence number that is reported; none for an identifier that is empty, null,
 * missing or not of this batch.
 */
export function countSucceeded(payload: unknown, streamRecords: StreamRecords): number {
  const identifiers = reportedIdentifiers(payload);
  if (identifiers === "none" || identifiers.length === 0) return streamRecords.length;
  if (identifiers === "malformed") return 0;
  const known = new Set<unknown>(streamRecords.map(({ kinesis }) => kinesis.sequenceNumber));
  if (!identifiers.every((identifier): identifier is string => known.has(identifier))) return 0;
  // Sequence numbers have 56 digits: far beyond what a number holds.
  const lowest = identifiers.map(BigInt).reduce((low, other) => (other < low ? other : low));
  return streamRecords.findIndex(({ kinesis }) => BigInt(kinesis.sequenceNumber) === lowest);
}
