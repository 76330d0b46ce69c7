import type { Address } from "../../lambda/contract/address.ts";
import { type Fqdn, fqdnToWire } from "../../lambda/contract/fqdn.ts";
import { encodeAddressUpdate } from "../../lambda/contract/payload.ts";
import type { SettingValues } from "../config/settings.ts";

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
  readonly uuid: string;
}

/** By default, the name is the partition key: the updates of one name then stay in order on any number of shards. */
export function createStreamRecord(publication: Publication, settings: SettingValues): StreamRecord {
  return {
    StreamName: settings.stream ?? "",
    Data: encodeAddressUpdate(publication),
    PartitionKey: settings.partition_key ?? fqdnToWire(publication.fqdn),
  };
}

/** The record as JSON, its data as the text that it is. */
export function formatStreamRecord(streamRecord: StreamRecord): string {
  return JSON.stringify({ ...streamRecord, Data: new TextDecoder().decode(streamRecord.Data) });
}
