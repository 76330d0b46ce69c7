// What the function shall do, said again in another way and much more slowly: tests compare the two. Nothing of the
// function is used here.
import type { KinesisStreamRecord } from "aws-lambda";
import { type Reading, readPayload } from "./model-reading.ts";

/** What one sender may do. */
export interface Rule {
  readonly names: RegExp;
  readonly isIpv6Only?: boolean;
  /** Least, usual and most seconds. */
  readonly ttl: readonly [number, number, number];
  readonly isKeyed?: boolean;
}

export interface Model {
  /** Ids by what names end in, the narrower ones first. */
  readonly zones: readonly (readonly [suffix: string, id: string])[];
  /** By device; "" for records without one. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** As JSON, the reading of every payload that was signed, with a key of its own, by the device that it names. */
  readonly signed: ReadonlySet<string>;
  readonly freshMs: number;
}

interface Wish {
  readonly place: number;
  readonly rrset: string;
  readonly value: string;
  readonly device: string;
  readonly issuedMs: number;
  /** What was signed; without a key, the place. */
  readonly statement: string | number;
}

/**
 * What Route 53 shall hold after some records, in the order of their shard, by zone, name and type: of what was
 * signed twice, the first; of each device, what it issued last; and of these, the last in the shard.
 */
export function modelOutcome(records: readonly KinesisStreamRecord[], model: Model): Record<string, string> {
  const all = records.flatMap((record, place) => wishOf(record, place, model) ?? []);
  const wishes = all.filter((wish) => wish === all.find(({ statement }) => statement === wish.statement));
  const inTime = (a: Wish, b: Wish) => a.issuedMs - b.issuedMs || a.place - b.place;
  const inShard = (a: Wish, b: Wish) => a.place - b.place;
  const lastOf = (own: readonly Wish[]) => own.toSorted(inTime).slice(-1);
  const decided = Array.from(Map.groupBy(wishes, ({ rrset }) => rrset).values(), (group) =>
    [...Map.groupBy(group, ({ device }) => device).values()].flatMap(lastOf).toSorted(inShard).at(-1),
  );
  return Object.fromEntries(decided.map((wish) => [wish?.rrset, wish?.value]));
}

function wishOf({ kinesis }: KinesisStreamRecord, place: number, model: Model): Wish | undefined {
  const said = readPayload(kinesis.data);
  const rule = said && model.rules.get(said.device ?? "");
  if (!rule || !isPermitted(said, rule, model)) return undefined;
  const { name, type, address, device = "", ttl } = said;
  const arrivedMs = Math.round(kinesis.approximateArrivalTimestamp * 1000);
  const issuedMs = said.issuedAt === undefined ? arrivedMs : Date.parse(said.issuedAt);
  if (Math.abs(arrivedMs - issuedMs) > model.freshMs) return undefined;
  const [least, usual, most] = rule.ttl;
  return {
    place,
    rrset: `${model.zones.find(([suffix]) => `.${name}`.endsWith(suffix))?.[1]} ${name} ${type}`,
    value: `${Math.max(least, Math.min(most, ttl ?? usual))} ${address}`,
    device,
    issuedMs: rule.isKeyed ? Math.min(issuedMs, arrivedMs) : 0,
    statement: rule.isKeyed ? JSON.stringify(said) : place,
  };
}

function isPermitted(said: Reading, rule: Rule, { signed }: Model): boolean {
  if (!rule.names.test(said.name) || (rule.isIpv6Only && said.type === "A")) return false;
  return !rule.isKeyed || signed.has(JSON.stringify(said));
}
