// The whole handler against a model of what it shall do, for random and damaged events, with a Route 53 that fails
// at random and an event source mapping that delivers again what it is told to.
//   FUZZ_SEED=123 repeats a run; FUZZ_CASES says how many events.
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { type FuzzedBatch, fuzzedBatch, impossibleName } from "../scripts/bench/lambda/fuzz.ts";
import { fuzzModel, fuzzSettings } from "../scripts/bench/lambda/fuzz-policy.ts";
import { modelOutcome } from "../scripts/bench/lambda/model.ts";
import {
  createFuzzedRoute53,
  isLost,
  upsertsOf,
  type Weather,
  weather,
} from "../scripts/bench/lambda/weather.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import type { ChangeBatch } from "./change-batch.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { parseSettings } from "./settings.ts";

const cases = Number(process.env.FUZZ_CASES ?? (process.env.CI === "true" ? 10_000 : 1_000));
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const settings = parseSettings(fuzzSettings);
/** Every delivery makes some progress, or has met a fault: more than this is a loop. */
const MOST_DELIVERIES = 100;
const SETTLED = new Set(["applied", "superseded", "failed", "refused"]);

/** What the handler does to the world, and what of it is wrong. */
function createWitness(conditions: Weather, deliveryNumber: () => number) {
  const route53 = createFuzzedRoute53({ ...conditions, impossibleName }, deliveryNumber);
  const seen = { problems: [] as string[], settled: new Set<unknown>(), isCutShort: false };
  let allowed: Record<string, string> = {};
  // What `send` throws would only be one more fault of Route 53.
  const send = (batch: ChangeBatch) => {
    for (const [rrset, value] of upsertsOf(batch)) {
      if (allowed[rrset] !== value) seen.problems.push(`sent ${rrset} ${value}, allowed ${allowed[rrset]}`);
    }
    return route53.send(batch);
  };
  const problemOf = (line: string) => {
    if (!/^\{[\x20-\x7e]+\}$/.test(line)) return "wrote";
    const { outcome, sequenceNumber } = JSON.parse(line);
    if (outcome === "applied" && !route53.accepted.has(sequenceNumber)) return "not so";
    return outcome === "refused" && seen.settled.has(sequenceNumber) ? "told again" : undefined;
  };
  const write = (lines: readonly string[]) => {
    for (const line of lines) {
      const problem = problemOf(line);
      if (problem) seen.problems.push(`${problem}: ${line}`);
      const { outcome, sequenceNumber, message } = JSON.parse(line);
      if (SETTLED.has(outcome)) seen.settled.add(sequenceNumber);
      seen.isCutShort ||= message?.startsWith("no time to deliver again") ?? false;
    }
  };
  const allow = (outcome: Record<string, string>) => {
    allowed = outcome;
  };
  return { allow, send, write, seen, held: route53.held };
}

/** Delivers an event until nothing of it is left. Gives what Route 53 holds then, and all that went wrong. */
async function deliver({ event, records, signed }: FuzzedBatch, conditions: Weather) {
  const clock = createVirtualClock(Date.parse("2026-01-31T12:10:00.000Z"));
  let delivery = 0;
  const { allow, send, write, seen, held } = createWitness(conditions, () => delivery);
  const world = { ...clock, send, write, random: () => 0, pace: createPace(5, 1000) };
  const handler = createHandler(settings, world);
  let left: readonly unknown[] | undefined = event.Records;
  for (let from = 0; left; delivery += 1) {
    assert.ok(delivery < MOST_DELIVERIES, "expected an end of it");
    allow(modelOutcome(records.slice(from), { ...fuzzModel, signed }));
    const endsAtMs = clock.now() + conditions.timeoutMs;
    const getRemainingTimeInMillis = () => endsAtMs - clock.now();
    const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis };
    const { batchItemFailures } = await handler({ Records: left }, context);
    const wanted = batchItemFailures[0]?.itemIdentifier;
    from = records.findIndex(({ kinesis }) => kinesis.sequenceNumber === wanted);
    assert.is(batchItemFailures.length, from < 0 ? 0 : 1);
    left = from < 0 ? undefined : records.slice(from);
    await clock.sleep(1_000);
  }
  const forgotten = records.filter(({ kinesis }) => !seen.settled.has(kinesis.sequenceNumber));
  const untold = forgotten.map(({ kinesis }) => `never told what became of ${kinesis.sequenceNumber}`);
  return { held, problems: [...seen.problems, ...untold], isCutShort: seen.isCutShort };
}

describe("the handler, given random and damaged events", (test) => {
  test(`makes of ${cases} of them what the model says (FUZZ_SEED=${seed})`, async () => {
    process.stdout.write(`fuzz: ${cases} events, FUZZ_SEED=${seed}\n`);
    const count = { changes: 0, cutShort: 0 };
    const property = fc.asyncProperty(fuzzedBatch, weather, async (batch, conditions) => {
      const { held, problems, isCutShort } = await deliver(batch, conditions);
      assert.is(problems.join("\n"), "", problems.join("\n"));
      count.cutShort += Number(isCutShort);
      if (isCutShort) return;
      const wishes = modelOutcome(batch.records, { ...fuzzModel, signed: batch.signed });
      const isPossible = ([rrset]: [string, string]) => !isLost(rrset, { ...conditions, impossibleName });
      const expected = Object.fromEntries(Object.entries(wishes).filter(isPossible));
      assert.equal(held, expected, `held ${JSON.stringify(held)}, expected ${JSON.stringify(expected)}`);
      count.changes += Object.keys(held).length;
    });
    await fc.assert(property, { numRuns: cases, seed, includeErrorInReport: true });
    process.stdout.write(`fuzz: ${count.changes} changes, ${count.cutShort} events cut short\n`);
    // It would prove nothing if nearly everything were refused, or left undecided.
    assert.ok(count.changes > cases, `only ${count.changes} changes`);
    assert.ok(count.cutShort < cases / 50, `${count.cutShort} events cut short`);
  });
});
