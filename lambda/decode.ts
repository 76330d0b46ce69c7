import { Buffer } from "node:buffer";
import { type AddressUpdate, decodeAddressUpdate } from "./contract/payload.ts";
import type { ContractReason } from "./contract/refusal.ts";

/** What is known of a Kinesis record whatever is in it. */
export interface Arrival {
  /** Of a decimal number of up to 129 digits; numbers, not texts, are in order. */
  readonly sequenceNumber: string;
  /** When Kinesis took it (`approximateArrivalTimestamp`). */
  readonly arrivedAtMs: number;
  /** The place in the shard's order, counted in this batch. */
  readonly position: number;
}

export type DecodeReason = ContractReason | "base64-malformed";

export type DecodedRecord =
  | { readonly ok: true; readonly update: AddressUpdate }
  | { readonly ok: false; readonly reason: DecodeReason; readonly message: string };

/** One element of the event, with its payload still in base64. */
export interface StreamRecord {
  readonly arrival: Arrival;
  readonly data: unknown;
}

/** Decodes the payload of one Kinesis record. Total: every input gives an update or a reason. */
export function decodeData(data: unknown): DecodedRecord {
  const bytes = typeof data === "string" ? Buffer.from(data, "base64") : undefined;
  // Buffer skips what is no base64, so that the result is shorter than the text promises.
  if (!bytes || bytes.length !== promisedLength(data as string)) {
    return { ok: false, reason: "base64-malformed", message: "data: expected base64" };
  }
  return decodeAddressUpdate(bytes);
}

function promisedLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}
