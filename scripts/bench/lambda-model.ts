// What the function shall do, said again in another way and much more slowly: tests compare the two.
import { Buffer } from "node:buffer";
import type { KinesisStreamRecord } from "aws-lambda";
import { type AddressUpdate, decodeAddressUpdate } from "../../lambda/contract/payload.ts";

/** What one sender may do. */
export interface Rule {
  readonly names: RegExp;
  readonly isIpv6Only?: boolean;
  /** Least, usual and most seconds. */
  readonly ttl: readonly [number, number, number];
  readonly isKeyed?: boolean;
}

export interface Model {
  /** By device; "" for records without one. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** As JSON, every update that was ever signed by the device it names. */
  readonly signed: ReadonlySet<string>;
  /** Names that Route 53 does not take. */
  readonly impossible: ReadonlySet<string>;
}

interface Wish {
  readonly rrset: string;
  readonly value: string;
  readonly device: string;
  readonly issued: string;
  readonly sequenceNumber: bigint;
}

/** What Route 53 shall hold after an event: of each device what it issued last, and of these the last in the shard. */
export function modelOutcome(records: readonly KinesisStreamRecord[], model: Model): Record<string, string> {
  const inShard = (a: Wish, b: Wish) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1);
  const inTime = (a: Wish, b: Wish) => (a.issued === b.issued ? inShard(a, b) : a.issued < b.issued ? -1 : 1);
  const wishes = records.flatMap((record) => wishOf(record, model) ?? []);
  const lastOf = (own: readonly Wish[]) => own.toSorted(inTime).slice(-1);
  const decided = Array.from(Map.groupBy(wishes, ({ rrset }) => rrset).values(), (group) =>
    [...Map.groupBy(group, ({ device }) => device).values()].flatMap(lastOf).toSorted(inShard).at(-1),
  );
  return Object.fromEntries(decided.map((wish) => [wish?.rrset, wish?.value]));
}

function wishOf({ kinesis }: KinesisStreamRecord, model: Model): Wish | undefined {
  const decoded = decodeAddressUpdate(Buffer.from(kinesis.data, "base64"));
  if (!decoded.ok) return undefined;
  const { address, fqdn, device = "", issuedAt, ttlSeconds } = decoded.update;
  const rule = model.rules.get(device);
  if (!rule || !isPermitted(decoded.update, rule, model)) return undefined;
  const ageMs =
    issuedAt === undefined ? 0 : kinesis.approximateArrivalTimestamp * 1000 - Date.parse(issuedAt);
  if (Math.abs(ageMs) > 300_000) return undefined;
  const [least, usual, most] = rule.ttl;
  return {
    rrset: `${fqdn} ${address.family === "ipv4" ? "A" : "AAAA"}`,
    value: `${Math.max(least, Math.min(most, ttlSeconds ?? usual))} ${address.text}`,
    device,
    issued: rule.isKeyed ? (issuedAt ?? "") : "",
    sequenceNumber: BigInt(kinesis.sequenceNumber),
  };
}

function isPermitted(update: AddressUpdate, rule: Rule, { signed, impossible }: Model): boolean {
  if (!rule.names.test(update.fqdn) || impossible.has(update.fqdn)) return false;
  if (rule.isIpv6Only && update.address.family === "ipv4") return false;
  return !rule.isKeyed || signed.has(JSON.stringify(update));
}
