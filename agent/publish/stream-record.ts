import type { Address } from "../../lambda/contract/address.ts";
import { type Fqdn, fqdnToWire } from "../../lambda/contract/fqdn.ts";
import { encodeAddressUpdate } from "../../lambda/contract/payload.ts";
import type { Signer, UnsignedUpdate } from "./sign.ts";

/** One PutRecord: the fields of the API, https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
export interface StreamRecord {
  readonly StreamName: string;
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** A name and its address on their way to the stream. */
export interface Publication {
  readonly fqdn: Fqdn;
  readonly address: Address;
  readonly ttlSeconds: number | undefined;
  readonly uuid: string;
}

export interface StreamRecordOptions {
  readonly stream: string;
  /** Undefined: the name, so that the updates of one name stay in order on any number of shards. */
  readonly partitionKey: string | undefined;
  /** Adds device, time and signature, where this device has a key. */
  readonly sign: Signer["sign"] | undefined;
}

/** @param instant when it is issued, where it tells */
export function createStreamRecord(
  publication: Publication,
  options: StreamRecordOptions,
  instant: Date,
): StreamRecord {
  const { fqdn, address, ttlSeconds, uuid } = publication;
  const update: UnsignedUpdate = { address, fqdn, uuid, ...(ttlSeconds !== undefined && { ttlSeconds }) };
  return {
    StreamName: options.stream,
    Data: encodeAddressUpdate(options.sign?.(update, instant) ?? update),
    PartitionKey: options.partitionKey ?? fqdnToWire(fqdn),
  };
}

/** The record as JSON, its data as the text that it is. */
export function formatStreamRecord(streamRecord: StreamRecord): string {
  return JSON.stringify({ ...streamRecord, Data: new TextDecoder().decode(streamRecord.Data) });
}
