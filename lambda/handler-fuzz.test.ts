// The whole handler against a model of what it shall do, for random and damaged events, with a Route 53 that fails
// at random and an event source mapping that delivers again what it is told to.
//   FUZZ_SEED=123 repeats a run.
import { randomInt } from "node:crypto";
import fc from "fast-check";
import {
  type FuzzedBatch,
  fuzzedBatch,
  fuzzRules,
  fuzzSettings,
  impossibleNames,
} from "../scripts/bench/lambda-fuzz.ts";
import { modelOutcome } from "../scripts/bench/lambda-model.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate-clock.ts";
import { sdkError } from "../scripts/simulate-route53.ts";
import type { ChangeBatch } from "./change-batch.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { parseSettings } from "./settings.ts";

const cases = process.env.CI === "true" ? 10_000 : 1_000;
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const settings = parseSettings(fuzzSettings);
/** Every delivery makes some progress, or has met a fault: more than this is a loop. */
const MOST_DELIVERIES = 100;

/** How a call fails before, or after, it has changed anything. */
const faults: Readonly<Record<string, { readonly before?: Error; readonly after?: Error }>> = {
  none: {},
  throttled: { before: sdkError("Throttling", 400) },
  busy: { before: sdkError("PriorRequestNotComplete", 400) },
  out: { before: sdkError("ServiceUnavailable", 503) },
  "answer lost": { after: new Error("socket hang up") },
};

const weather = fc.record({
  /** How the nth call fails. */
  faultNames: fc.array(fc.constantFrom(...Object.keys(faults)), { maxLength: 12 }),
  /** For how many deliveries one of the zones is out of order. */
  outage: fc.nat(2),
  timeoutMs: fc.integer({ min: 6_000, max: 20_000 }),
});
type Weather = typeof weather extends fc.Arbitrary<infer T> ? T : never;

/** A Route 53 that fails as the weather says, and what it holds. */
function createRoute53({ faultNames, outage }: Weather, deliveryNumber: () => number) {
  const held: Record<string, string> = {};
  const left = [...faultNames];
  const refusalOf = ({ zone, rrsets }: ChangeBatch) => {
    if (zone.id === "Z2" && deliveryNumber() < outage) return sdkError("ServiceUnavailable", 503);
    const isPossible = rrsets.every(({ winner }) => !impossibleNames.has(winner.update.fqdn));
    return isPossible ? undefined : sdkError("InvalidChangeBatch", 400);
  };
  const send = async (batch: ChangeBatch) => {
    const { before, after } = faults[left.shift() ?? "none"] ?? {};
    const refusal = before ?? refusalOf(batch);
    if (refusal) throw refusal;
    for (const { winner } of batch.rrsets) {
      const { update, rrtype, ttlSeconds } = winner;
      held[`${update.fqdn} ${rrtype}`] = `${ttlSeconds} ${update.address.text}`;
    }
    if (after) throw after;
    return "C1";
  };
  return { held, send };
}

/** Delivers an event until nothing of it is left. Gives what Route 53 holds then, and the log. */
async function deliver({ event, records }: FuzzedBatch, conditions: Weather) {
  const clock = createVirtualClock(Date.parse("2026-01-31T12:00:00.000Z"));
  let delivery = 0;
  const { held, send } = createRoute53(conditions, () => delivery);
  const lines: string[] = [];
  const write = (written: readonly string[]) => lines.push(...written);
  const world = { ...clock, send, write, random: () => 0, pace: createPace(5, 1000) };
  const handler = createHandler(settings, world);
  let left: readonly unknown[] | undefined = event.Records;
  for (; left; delivery += 1) {
    assert.ok(delivery < MOST_DELIVERIES, "expected an end of it");
    const endsAtMs = clock.now() + conditions.timeoutMs;
    const getRemainingTimeInMillis = () => endsAtMs - clock.now();
    const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis };
    const { batchItemFailures } = await handler({ Records: left }, context);
    const next = records.findIndex(
      ({ kinesis }) => kinesis.sequenceNumber === batchItemFailures[0]?.itemIdentifier,
    );
    assert.is(batchItemFailures.length, next < 0 ? 0 : 1);
    left = next < 0 ? undefined : records.slice(next);
    await clock.sleep(1_000);
  }
  return { held, lines };
}

describe("the handler, given random and damaged events", (test) => {
  test(`makes of ${cases} of them what the model says (FUZZ_SEED=${seed})`, async () => {
    process.stdout.write(`fuzz: ${cases} events, FUZZ_SEED=${seed}\n`);
    let changes = 0;
    const property = fc.asyncProperty(fuzzedBatch, weather, async (batch, conditions) => {
      const { held, lines } = await deliver(batch, conditions);
      const { records, signed } = batch;
      const expected = modelOutcome(records, { rules: fuzzRules, signed, impossible: impossibleNames });
      assert.equal(held, expected);
      for (const line of lines) assert.match(line, /^\{[\x20-\x7e]+\}$/);
      changes += Object.keys(expected).length;
    });
    await fc.assert(property, { numRuns: cases, seed, includeErrorInReport: true });
    // It would prove nothing if nearly everything were refused.
    assert.ok(changes > 2 * cases, `only ${changes} changes`);
  });
});
