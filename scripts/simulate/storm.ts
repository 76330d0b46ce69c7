// A storm: many devices get a new address at about the same time. The function's own stages run in virtual time
// between models of the services around it.
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { createHandler, type InvocationContext } from "../../lambda/handler.ts";
import { createPace } from "../../lambda/pace.ts";
import { parseSettings } from "../../lambda/settings.ts";
import { createVirtualClock, type VirtualClock } from "./clock.ts";
import { createNaiveHandler } from "./naive.ts";
import { createRoute53Model, createShardModel, type Route53Counts } from "./services.ts";

const POLL_MS = 1_000;
const FUNCTION_TIMEOUT_MS = 60_000;
/** The function's own work for one record. */
const RECORD_MS = 0.01;

/** The names that a zone may have before AWS is asked for more. */
export const ZONE_QUOTA = 10_000;

export interface Storm {
  readonly devices: number;
  /** The devices change their address evenly within this time. */
  readonly seconds: number;
  readonly zones: number;
}

/** What stands between the stream and Route 53. */
export interface Design {
  /** Whether it makes one call for each record. */
  readonly isNaive?: boolean;
  /** Its own limit of calls to Route 53 in a second. */
  readonly callsPerSecond?: number;
  /** The most records for an invocation. */
  readonly batchSize?: number;
}

export interface StormOutcome {
  /** From the first change of an address until the last name is changed. */
  readonly allAppliedSeconds: number;
  /** Of all devices, from change to change. */
  readonly medianSeconds: number;
  readonly route53: Readonly<Route53Counts>;
  readonly invocations: number;
}

/** Runs a storm through one shard and one function. Throws where a name would be lost. */
export async function simulateStorm(storm: Storm, design: Design = {}): Promise<StormOutcome> {
  const { devices } = storm;
  const clock = createVirtualClock();
  const appliedAtMs = new Float64Array(devices).fill(Number.NaN);
  const route53 = createRoute53Model(clock, ({ rrsets }) => {
    for (const { winner } of rrsets) appliedAtMs[deviceOf(winner.update.uuid)] = clock.now();
  });
  const pace = createPace(design.callsPerSecond ?? 5, 1_000);
  const world = { ...clock, send: route53.send, pace, random: () => 0.5, write: () => {} };
  const invoke = (design.isNaive ? createNaiveHandler : createHandler)(settingsFor(storm.zones), world);

  const shard = createShardModel((device) => payloadOf(device, storm));
  let [sent, polled, invocations] = [0, 0, 0];
  for (let pollAtMs = 0; polled < devices; pollAtMs += POLL_MS) {
    await clock.sleep(Math.max(0, pollAtMs - clock.now()));
    pollAtMs = clock.now();
    for (; sent < devices && arrivedAtMs(sent, storm) <= pollAtMs; sent += 1) {
      shard.put(arrivedAtMs(sent, storm));
    }
    const event = shard.poll(pollAtMs, design.batchSize ?? 10_000);
    polled += event.Records.length;
    invocations += await deliver(event, invoke, clock);
  }
  const lost = appliedAtMs.findIndex(Number.isNaN);
  if (lost >= 0) throw new Error(`expected every name to be changed, found device ${lost} left out`);
  const latenciesMs = appliedAtMs.map((atMs, device) => atMs - changedAtMs(device, storm)).toSorted();
  return {
    allAppliedSeconds: clock.now() / 1_000,
    medianSeconds: (latenciesMs[Math.floor(devices / 2)] ?? Number.NaN) / 1_000,
    route53: route53.counts,
    invocations,
  };
}

type Invoke = (event: KinesisStreamEvent, context: InvocationContext) => Promise<KinesisStreamBatchResponse>;

/** Invokes the function with what is left of an event until nothing is; gives how often it did. */
async function deliver(event: KinesisStreamEvent, invoke: Invoke, clock: VirtualClock): Promise<number> {
  let invocations = 0;
  for (let left = event.Records; left.length > 0; invocations += 1) {
    const endsAtMs = clock.now() + FUNCTION_TIMEOUT_MS;
    const getRemainingTimeInMillis = () => endsAtMs - clock.now();
    await clock.sleep(left.length * RECORD_MS);
    const context = { awsRequestId: "storm", functionName: "updater", getRemainingTimeInMillis };
    const [failed] = (await invoke({ Records: left }, context)).batchItemFailures;
    const isFailed = ({ kinesis }: KinesisStreamRecord) => kinesis.sequenceNumber === failed?.itemIdentifier;
    left = failed ? left.slice(left.findIndex(isFailed)) : [];
  }
  return invocations;
}

/** When a device gets its new address. */
function changedAtMs(device: number, { devices, seconds }: Storm): number {
  return (device * seconds * 1_000) / devices;
}

/** When its record is on the stream: over the shard's rate it is refused, and the device sends it again. */
function arrivedAtMs(device: number, storm: Storm): number {
  return Math.max(changedAtMs(device, storm), device);
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
