// Hundreds of names that Route 53 refuses, delivered again and again until nothing is left to deliver.
import { kinesisEvent } from "../scripts/bench/lambda/event.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import { sdkError } from "../scripts/simulate/route53.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { parseSettings } from "./settings.ts";

const CALL_MS = 100;
const TIMEOUT_MS = 60_000;
const zones = Array.from({ length: 100 }, (_, index) => ({ name: `z${index}.test`, id: `Z${index}` }));
const settings = parseSettings({ zones, unsignedDomains: zones.map(({ name }) => `*.${name}`) });

/** How Route 53 refuses a call for names of a zone; undefined where it accepts it. */
type Refusal = (zoneId: string, names: readonly string[]) => Error | undefined;

/** Delivers an update of each name, in this order, until no more is to be delivered. */
async function deliver(domains: readonly string[], refusal: Refusal) {
  const clock = createVirtualClock();
  const outcomes = new Map<string, string>();
  const calls: string[] = [];
  const write = (lines: readonly string[]) => {
    for (const { outcome, reason, fqdn, message } of lines.map((line) => JSON.parse(line))) {
      if (outcome === "applied" || outcome === "failed")
        outcomes.set(fqdn, `${outcome} ${reason ?? message}`);
    }
  };
  const send = async ({ zone, rrsets }: { zone: { id: string }; rrsets: readonly { winner: Winner }[] }) => {
    calls.push(zone.id);
    await clock.sleep(CALL_MS);
    const error = refusal(
      zone.id,
      rrsets.map(({ winner }) => winner.update.fqdn.slice(0, -1)),
    );
    if (error) throw error;
    return "C1";
  };
  const world = { ...clock, send, write, random: () => 0.5, pace: createPace(5, 1_000) };
  const handler = createHandler(settings, world);
  const uuid = "70e3e22a-e50e-4770-89ae-6f1d95da9b44";
  let left = kinesisEvent(domains.map((domain) => JSON.stringify({ ip: "81.2.3.4", domain, uuid }))).Records;
  const settledPerDelivery: number[] = [];
  while (left.length > 0 && settledPerDelivery.length < 20) {
    const endsAtMs = clock.now() + TIMEOUT_MS;
    const getRemainingTimeInMillis = () => endsAtMs - clock.now();
    const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis };
    const { batchItemFailures } = await handler({ Records: left }, context);
    const from = batchItemFailures[0]?.itemIdentifier;
    const next = left.findIndex(({ kinesis }) => kinesis.sequenceNumber === from);
    settledPerDelivery.push(next < 0 ? left.length : next);
    left = next < 0 ? [] : left.slice(next);
  }
  const namesThat = (start: string) => domains.filter((domain) => outcomes.get(domain)?.startsWith(start));
  return { calls, namesThat, settledPerDelivery, tookMs: clock.now() };
}

interface Winner {
  readonly update: { readonly fqdn: string };
}

const namesIn = (zone: number, count: number) =>
  Array.from({ length: count }, (_, index) => `n${index}.z${zone}.test`);
const goodNames = zones.slice(1, 20).flatMap((_, index) => namesIn(index + 1, 10));
const badNames = namesIn(0, 500);

let answers = 0;
/** Never twice with the same words, so that nothing is to be presumed. */
const invalid: Refusal = (zoneId) => {
  answers += 1;
  return zoneId === "Z0" ? sdkError("InvalidChangeBatch", 400, `answer ${answers}`) : undefined;
};
/** Route 53's limit of a zone: what it does not hold yet is refused, with words that blame no name. */
const full: Refusal = (_, names) =>
  names.every((name) => name.startsWith("held")) ? undefined : sdkError("InvalidChangeBatch", 400, FULL);
const FULL = "Exceeded limit MAX_RRSETS_BY_ZONE";
const denied: Refusal = (zoneId) => (zoneId === "Z0" ? sdkError("AccessDenied", 403) : undefined);

describe("hundreds of names that Route 53 refuses", (test) => {
  test("are found in some deliveries, each of which is shorter, after all other zones", async () => {
    const run = await deliver([...badNames, ...goodNames], invalid);
    assert.equal(run.namesThat("failed InvalidChangeBatch"), badNames);
    assert.equal(run.namesThat("applied"), goodNames);
    assert.equal(
      run.calls.slice(0, 20),
      zones.slice(0, 20).map(({ id }) => id),
    );
    assert.ok(
      run.settledPerDelivery.slice(0, -1).every((count) => count > 100),
      `${run.settledPerDelivery}`,
    );
    // Two calls for each bad name, at the account's pace, and for each delivery those of the other zones and the first halvings.
    assert.ok(run.calls.length < 2 * 500 + 30 * run.settledPerDelivery.length, `${run.calls.length} calls`);
  });

  test("are found though they are those of two zones in turn", async () => {
    const bad = namesIn(0, 300).flatMap((name, index) => [name, namesIn(1, 300)[index] ?? ""]);
    const run = await deliver(bad, (zoneId) => invalid(zoneId === "Z1" ? "Z0" : zoneId, []));
    assert.equal(run.namesThat("failed InvalidChangeBatch"), bad);
    assert.ok(
      run.settledPerDelivery.slice(0, -1).every((count) => count > 100),
      `${run.settledPerDelivery}`,
    );
  });

  test("are found soon, where a condition on names allows but one of them", async () => {
    const [allowed, ...others] = badNames;
    const run = await deliver(badNames, (zoneId, names) =>
      names.join() === allowed ? undefined : denied(zoneId, names),
    );
    assert.equal(run.namesThat("applied"), [allowed]);
    assert.equal(run.namesThat("failed AccessDenied"), others);
    assert.is(run.settledPerDelivery.length, 1);
  });

  for (const [zoneCount, nameCount, deliveries] of [
    [20, 500, 2],
    [100, 20, 5],
  ] as const) {
    test(`are given up in ${deliveries} deliveries, where ${zoneCount} zones in turn are denied as a whole`, async () => {
      const names = Array.from(
        { length: zoneCount * nameCount },
        (_, index) => `n${index}.z${index % zoneCount}.test`,
      );
      const run = await deliver(names, () => sdkError("AccessDenied", 403));
      assert.equal(run.namesThat("failed AccessDenied"), names);
      assert.ok(run.settledPerDelivery.length <= deliveries, `${run.settledPerDelivery}`);
    });
  }

  test("are given up in one delivery, where ten thousand are new to a zone that is full", async () => {
    const names = namesIn(0, 10_000);
    const run = await deliver(names, full);
    assert.is(run.namesThat("failed InvalidChangeBatch").length, 10_000);
    assert.is(run.namesThat(`failed InvalidChangeBatch-presumed`).length, 10_000 - 15);
    assert.is(run.settledPerDelivery.length, 1);
    assert.ok(run.calls.length < 60, `${run.calls.length} calls`);
  });

  test("keep no name waiting that a full zone holds already, in the same calls", async () => {
    const names = Array.from(
      { length: 1_000 },
      (_, index) => `${(index * 7) % 10 < 4 ? "held" : "new"}${index}.z0.test`,
    );
    const run = await deliver(names, full);
    const held = names.filter((name) => name.startsWith("held"));
    assert.equal(run.namesThat("applied"), held);
    assert.is(run.namesThat("failed InvalidChangeBatch").length, names.length - held.length);
  });

  test("hold their shard no longer than a few seconds where the whole zone is denied", async () => {
    const run = await deliver([...badNames, ...goodNames], denied);
    assert.equal(run.namesThat("failed AccessDenied"), badNames);
    assert.equal(run.namesThat("applied"), goodNames);
    assert.is(run.settledPerDelivery.length, 1);
    assert.ok(run.tookMs < 20_000, `${run.tookMs} ms`);
  });
});
