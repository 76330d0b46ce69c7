// A storm: many devices get a new address at about the same time. The function's own stages run in virtual time;
// the services around it are modelled by their limits.
import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { createHandler } from "../lambda/handler.ts";
import { createPace } from "../lambda/pace.ts";
import type { SendChangeBatch } from "../lambda/route53.ts";
import { parseSettings } from "../lambda/settings.ts";
import { type Delivery, kinesisEvent, sequenceNumberAt } from "./bench/lambda-event.ts";
import { createVirtualClock } from "./simulate-clock.ts";

// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const SHARD_RECORDS_PER_MS = 1;
// https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
const POLL_MS = 1_000;
const MOST_RECORDS = 10_000;
/** What one invocation may be given: the limit of a synchronous request to Lambda. */
const MOST_EVENT_BYTES = 6_291_456;
const FUNCTION_TIMEOUT_MS = 60_000;
/** One ChangeResourceRecordSets, there and back, and the function's own work for one record. */
const ROUTE53_CALL_MS = 100;
const RECORD_MS = 0.01;

export const ROUTE53_CALLS_PER_SECOND = 5;
/** The names that a zone may have before AWS is asked for more. */
export const ZONE_QUOTA = 10_000;

export interface Storm {
  readonly devices: number;
  /** The devices change their address evenly within this time. */
  readonly seconds: number;
  readonly zones: number;
}

export interface StormOutcome {
  /** From the first change of an address until the last name is changed. */
  readonly allAppliedSeconds: number;
  /** Of all devices, from change to change. */
  readonly medianSeconds: number;
  readonly route53Calls: number;
  readonly invocations: number;
}

/** Runs a storm through one shard and one function. Throws where a name would be lost. */
export async function simulateStorm(storm: Storm): Promise<StormOutcome> {
  const { devices, zones } = storm;
  const clock = createVirtualClock();
  const appliedAtMs = new Float64Array(devices).fill(Number.NaN);
  let route53Calls = 0;
  let invocations = 0;
  const send: SendChangeBatch = async ({ rrsets }) => {
    await clock.sleep(ROUTE53_CALL_MS);
    route53Calls += 1;
    for (const { winner } of rrsets) appliedAtMs[deviceOf(winner.update.uuid)] = clock.now();
    return `C${route53Calls}`;
  };
  const pace = createPace(ROUTE53_CALLS_PER_SECOND, 1_000);
  const handler = createHandler(settingsFor(zones), {
    ...clock,
    send,
    pace,
    random: () => 0.5,
    write: () => {},
  });

  for (let next = 0; next < devices; ) {
    const pollAtMs = Math.max(clock.now(), Math.ceil(arrivedAtMs(next, storm) / POLL_MS) * POLL_MS);
    await clock.sleep(pollAtMs - clock.now());
    const event = poll(next, pollAtMs, storm);
    await clock.sleep(event.Records.length * RECORD_MS);
    invocations += 1;
    const endsAtMs = clock.now() + FUNCTION_TIMEOUT_MS;
    const getRemainingTimeInMillis = () => endsAtMs - clock.now();
    const context = { awsRequestId: "storm", functionName: "updater", getRemainingTimeInMillis };
    const { batchItemFailures } = await handler(event, context);
    const [failed] = batchItemFailures;
    const isFailed = ({ kinesis }: KinesisStreamRecord) => kinesis.sequenceNumber === failed?.itemIdentifier;
    next += failed ? event.Records.findIndex(isFailed) : event.Records.length;
  }
  const latenciesMs = appliedAtMs.map((atMs, device) => atMs - changedAtMs(device, storm)).toSorted();
  const lost = appliedAtMs.findIndex(Number.isNaN);
  if (lost >= 0) throw new Error(`expected every name to be changed, found device ${lost} left out`);
  return {
    allAppliedSeconds: clock.now() / 1_000,
    medianSeconds: (latenciesMs[Math.floor(devices / 2)] ?? Number.NaN) / 1_000,
    route53Calls,
    invocations,
  };
}

/** When a device gets its new address. */
function changedAtMs(device: number, { devices, seconds }: Storm): number {
  return (device * seconds * 1_000) / devices;
}

/** When its record is on the stream: over the shard's rate it is refused, and the device sends it again. */
function arrivedAtMs(device: number, storm: Storm): number {
  return Math.max(changedAtMs(device, storm), device / SHARD_RECORDS_PER_MS);
}

/** The records from one device's on that one invocation gets: what has arrived, up to Lambda's limits. */
function poll(first: number, atMs: number, storm: Storm): KinesisStreamEvent {
  const deliveries: Delivery[] = [];
  for (let device = first; device < Math.min(storm.devices, first + MOST_RECORDS); device += 1) {
    const arrived = arrivedAtMs(device, storm);
    if (arrived > atMs) break;
    deliveries.push({
      data: payloadOf(device, storm),
      arrivedAtMs: arrived,
      sequenceNumber: sequenceNumberAt(device),
    });
  }
  const event = kinesisEvent(deliveries);
  let bytes = 0;
  const fitting = event.Records.findIndex((record) => {
    bytes += JSON.stringify(record).length + 1;
    return bytes > MOST_EVENT_BYTES;
  });
  return { Records: fitting < 0 ? event.Records : event.Records.slice(0, fitting) };
}

function settingsFor(zones: number) {
  const names = Array.from({ length: zones }, (_, zone) => `z${zone}.example.com`);
  return parseSettings({
    zones: names.map((name, zone) => ({ name, id: `Z${zone}` })),
    unsignedDomains: names.map((name) => `*.${name}`),
  });
}

function payloadOf(device: number, { zones }: Storm): string {
  const ip = `81.${device >> 16}.${(device >> 8) & 255}.${device & 255}`;
  const uuid = `00000000-0000-4000-8000-${String(device).padStart(12, "0")}`;
  return JSON.stringify({ ip, domain: `host${device}.z${device % zones}.example.com`, uuid });
}

/** The device that a uuid of `payloadOf` stands for. */
function deviceOf(uuid: string): number {
  return Number(uuid.slice(-12));
}

/** The same without a function that coalesces: one call for each record, as fast as the account allows. */
export function naiveSeconds(storm: Storm): number {
  const lastChangeMs = changedAtMs(storm.devices - 1, storm);
  return Math.max((lastChangeMs + ROUTE53_CALL_MS) / 1_000, storm.devices / ROUTE53_CALLS_PER_SECOND);
}
