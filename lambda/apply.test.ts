import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import {
  batchOf,
  namesOf,
  type Rule,
  applyInVirtualTime as run,
  sdkError,
  zoneNamed,
} from "../scripts/simulate/route53.ts";
import { applyChangeBatches } from "./apply.ts";
import { createDenials } from "./apply-memory.ts";
import type { ChangeBatch } from "./change-batch.ts";
import { createPace } from "./pace.ts";

const [one, two] = [zoneNamed("one"), zoneNamed("two")];

describe("applyChangeBatches", (test) => {
  test("applies each batch by one call, zone after zone", async () => {
    const { outcomes, calls } = await run([batchOf(one, 500), batchOf(two, 3)], () => undefined);
    assert.equal(
      calls.map(({ zone: id, names }) => `${id} ${names.length}`),
      ["ONE 500", "TWO 3"],
    );
    assert.equal(
      outcomes.map((outcome) => outcome.kind === "applied" && `${outcome.changeId} ${outcome.atMs}`),
      ["C1 100", "C2 200"],
    );
  });

  test("keeps a pace of five calls a second", async () => {
    const batches = Array.from({ length: 12 }, () => batchOf(one, 1));
    const { calls } = await run(batches, () => undefined);
    const expected = [0, 100, 200, 300, 400, 1100, 1200, 1300, 1400, 1500, 2200, 2300];
    assert.equal(
      calls.map(({ atMs }) => atMs),
      expected,
    );
  });

  for (const [name, status] of [
    ["Throttling", 400],
    ["PriorRequestNotComplete", 400],
    ["ServiceUnavailable", 503],
  ] as const) {
    test(`tries again after ${name}, ever later`, async () => {
      const rule: Rule = (_, call) => (call <= 4 ? sdkError(name, status) : undefined);
      const { calls, outcomes } = await run([batchOf(one, 1)], rule);
      assert.equal(
        calls.map(({ atMs }) => atMs),
        [0, 350, 950, 2050, 4150],
      );
      assert.equal(
        outcomes.map(({ kind }) => kind),
        ["retry", "retry", "retry", "retry", "applied"],
      );
    });
  }

  test("goes on with other zones while one is busy", async () => {
    const busy: Rule = (batch, call) =>
      batch.zone === one && call < 4 ? sdkError("PriorRequestNotComplete", 400) : undefined;
    const { calls } = await run([batchOf(one, 1), batchOf(two, 1), batchOf(two, 2)], busy);
    assert.equal(
      calls.map(({ zone: id }) => id),
      ["ONE", "TWO", "TWO", "ONE"],
    );
  });

  test("leaves the whole account alone while it is throttled", async () => {
    const rule: Rule = (_, call) => (call === 1 ? sdkError("Throttling", 400) : undefined);
    const { calls } = await run([batchOf(one, 1), batchOf(two, 1)], rule);
    assert.equal(
      calls.map(({ atMs }) => atMs),
      [0, 350, 450],
    );
  });

  test("leaves what it has no time for, with the last reason", async () => {
    const rule: Rule = (batch) => (batch.zone === one ? sdkError("ServiceUnavailable", 503) : undefined);
    const batches = [batchOf(one, 1), ...Array.from({ length: 9 }, () => batchOf(two, 1))];
    const { outcomes, endedAtMs } = await run(batches, rule, 1_000);
    const left = outcomes.flatMap((outcome) =>
      outcome.kind === "unapplied" ? [outcome.failure.reason] : [],
    );
    assert.equal(
      left.toSorted(),
      [...Array.from({ length: 5 }, () => "deadline"), "ServiceUnavailable"].toSorted(),
    );
    assert.ok(endedAtMs <= 1_000);
  });

  test("makes no call when there is no time at all", async () => {
    const { calls, names } = await run([batchOf(one, 2)], () => undefined, 0);
    assert.is(calls.length, 0);
    assert.equal(names("unapplied"), ["n0.one.test", "n1.one.test"]);
  });

  test("makes no call after a wait that took longer than it should have", async () => {
    const clock = createVirtualClock();
    const pace = createPace(5, 1_000);
    pace.holdUntil(500);
    let calls = 0;
    const send = async () => {
      calls += 1;
      return "C1";
    };
    const sleep = () => clock.sleep(1_000);
    const world = { ...clock, sleep, random: () => 1, pace, denials: createDenials(), send };
    const remainingMs = () => 1_000 - clock.now();
    const outcomes = await Array.fromAsync(applyChangeBatches([batchOf(one, 1)], world, remainingMs));
    assert.is(calls, 0);
    assert.equal(
      outcomes.map(({ kind }) => kind),
      ["unapplied"],
    );
  });

  test("cuts off a call that is not answered in time", async () => {
    const startedAtMs = performance.now();
    const world = {
      now: () => performance.now(),
      elapsedMs: () => performance.now(),
      denials: createDenials(),
      sleep: async () => {},
      random: () => 1,
      pace: createPace(5, 1000),
      send: (_: ChangeBatch, signal: AbortSignal) => {
        const { promise, reject } = Promise.withResolvers<string>();
        // Keeps the process awake, as a socket would.
        const timer = setTimeout(() => reject(new Error("expected to be cut off")), 30_000);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
        return promise;
      },
    };
    const remainingMs = () => 50 - (performance.now() - startedAtMs);
    const outcomes = await Array.fromAsync(applyChangeBatches([batchOf(one, 1)], world, remainingMs));
    assert.equal(
      outcomes.map(({ kind }) => kind),
      ["retry", "unapplied"],
    );
    const [, last] = outcomes;
    assert.is(last?.kind === "unapplied" && last.failure.reason, "TimeoutError");
  });

  test("settles every name once and honestly, whatever Route 53 does", () => {
    const fault = fc.constantFrom(
      undefined,
      sdkError("Throttling", 400),
      sdkError("PriorRequestNotComplete", 400),
      sdkError("ServiceUnavailable", 503),
      sdkError("TimeoutError", 0),
      sdkError("InvalidChangeBatch", 400),
      sdkError("AccessDenied", 403),
      sdkError("NoSuchHostedZone", 404),
    );
    return fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 20 }), fc.nat(30_000), async (faults, timeMs) => {
        const accepted: string[] = [];
        const rule: Rule = (batch, call) => {
          const error = faults[call - 1];
          if (!error) accepted.push(...namesOf(batch));
          return error;
        };
        const { names, calls } = await run([batchOf(one, 7), batchOf(two, 5)], rule, timeMs);
        assert.equal(names("applied"), accepted);
        const settled = [...names("applied"), ...names("failed"), ...names("unapplied")];
        assert.equal(settled.toSorted(), [batchOf(one, 7), batchOf(two, 5)].flatMap(namesOf).toSorted());
        for (const [index, { atMs }] of calls.entries()) {
          assert.ok(atMs < timeMs);
          assert.ok(atMs - (calls[index - 5]?.atMs ?? Number.NEGATIVE_INFINITY) >= 1000);
        }
      }),
      { numRuns: 500 },
    );
  });
});
