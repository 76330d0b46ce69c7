import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate-clock.ts";
import { applyChangeBatches, type Outcome } from "./apply.ts";
import type { ChangeBatch } from "./change-batch.ts";
import type { RrsetUpdates } from "./coalesce.ts";
import { parseAddress } from "./contract/address.ts";
import { parseFqdn } from "./contract/fqdn.ts";
import { createPace } from "./pace.ts";
import type { Zone } from "./zone.ts";

const zone = (name: string): Zone => ({ apex: parseFqdn(`${name}.test`), id: name.toUpperCase() });
const [one, two] = [zone("one"), zone("two")];

function rrset(fqdn: string, ofZone: Zone, position: number): RrsetUpdates {
  const update = { fqdn: parseFqdn(fqdn), address: parseAddress("81.2.3.4"), uuid: `uuid-${position}` };
  const arrival = { sequenceNumber: String(position), arrivedAtMs: 0, position };
  const winner = { update, arrival, zone: ofZone, rrtype: "A", ttlSeconds: 60, isSigned: false } as const;
  return { winner, contenders: [winner], members: [winner] };
}

function batchOf(ofZone: Zone, size: number): ChangeBatch {
  const rrsets = Array.from({ length: size }, (_, index) => rrset(`n${index}.${ofZone.apex}`, ofZone, index));
  return { zone: ofZone, rrsets };
}

const namesOf = ({ rrsets }: ChangeBatch) => rrsets.map(({ winner }) => winner.update.fqdn.slice(0, -1));

/** An error as the SDK throws it. */
function sdkError(name: string, httpStatusCode: number, message = name): Error {
  const $fault = httpStatusCode < 500 ? "client" : "server";
  return Object.assign(new Error(message), { name, $fault, $metadata: { httpStatusCode } });
}

/** What Route 53 says to a call; undefined where it accepts. */
type Rule = (batch: ChangeBatch, callNumber: number) => Error | undefined;

interface Run {
  readonly outcomes: readonly Outcome[];
  readonly calls: readonly {
    readonly names: readonly string[];
    readonly zone: string;
    readonly atMs: number;
  }[];
  readonly endedAtMs: number;
  /** Names by what became of them. */
  names(kind: Outcome["kind"]): string[];
}

const CALL_MS = 100;

/** Applies batches to a Route 53 that answers after 100 ms as the rule says, in virtual time. */
async function run(batches: readonly ChangeBatch[], rule: Rule, timeMs = 600_000): Promise<Run> {
  const clock = createVirtualClock();
  const calls: { names: string[]; zone: string; atMs: number }[] = [];
  const world = {
    ...clock,
    pace: createPace(5, 1000),
    random: () => 1,
    send: async (batch: ChangeBatch) => {
      calls.push({ names: namesOf(batch), zone: batch.zone.id, atMs: clock.now() });
      await clock.sleep(CALL_MS);
      const error = rule(batch, calls.length);
      if (error) throw error;
      return `C${calls.length}`;
    },
  };
  const outcomes = await Array.fromAsync(applyChangeBatches(batches, world, () => timeMs - clock.now()));
  const names = (kind: Outcome["kind"]) =>
    outcomes.filter((outcome) => outcome.kind === kind).flatMap(({ batch }) => namesOf(batch));
  return { outcomes, calls, endedAtMs: clock.now(), names };
}

const conflict =
  (names: readonly string[], message = "conflict") =>
  (batch: ChangeBatch) =>
    namesOf(batch).some((name) => names.includes(name))
      ? sdkError("InvalidChangeBatch", 400, message)
      : undefined;

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

  test("sinks one bad name of 500 only, in two calls for each halving", async () => {
    for (const bad of ["n0.one.test", "n250.one.test", "n499.one.test"]) {
      const { calls, names } = await run([batchOf(one, 500)], conflict([bad]));
      assert.equal(names("failed"), [bad]);
      assert.is(names("applied").length, 499);
      assert.ok(calls.length <= 1 + 2 * Math.ceil(Math.log2(500)), `${calls.length} calls`);
    }
  });

  test("needs three calls where Route 53 names the bad one", async () => {
    const message = "[RRSet of type A with DNS name n7.one.test. is not permitted]";
    const { calls, outcomes, names } = await run([batchOf(one, 500)], conflict(["n7.one.test"], message));
    assert.equal(
      calls.map((call) => call.names.length),
      [500, 499, 1],
    );
    assert.equal(names("failed"), ["n7.one.test"]);
    const failed = outcomes.find((outcome) => outcome.kind === "failed");
    assert.equal(failed?.kind === "failed" && [failed.failure.reason, failed.failure.message], [
      "InvalidChangeBatch",
      `Route 53 answered 400: "${message}"`,
    ]);
  });

  test("costs each bad name among others at most two calls for each halving", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.nat(199), { maxLength: 5 }),
        async (size, picks) => {
          const bad = [...new Set(picks.map((pick) => `n${pick % size}.one.test`))];
          const { calls, names } = await run([batchOf(one, size)], conflict(bad));
          assert.equal(names("failed").toSorted(), bad.toSorted());
          assert.is(names("applied").length, size - bad.length);
          assert.ok(calls.length <= 1 + 2 * bad.length * Math.ceil(Math.log2(size)), `${calls.length} calls`);
        },
      ),
    ));

  test("gives up a zone that denies all parts of a batch, and applies the others", async () => {
    const batches = [batchOf(one, 500), batchOf(one, 20), batchOf(two, 3)];
    const denied: Rule = (batch) => (batch.zone === one ? sdkError("AccessDenied", 403) : undefined);
    const { calls, names } = await run(batches, denied);
    assert.is(names("failed").length, 520);
    assert.equal(names("applied"), ["n0.two.test", "n1.two.test", "n2.two.test"]);
    assert.is(calls.filter(({ zone: id }) => id === "ONE").length, 15);
  });

  test("sinks only names that a condition on names denies, wherever they stand", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(499), { minLength: 1, maxLength: 7 }), async (picks) => {
        const bad = [...new Set(picks)].map((pick) => `n${pick}.one.test`);
        const denied: Rule = (batch) =>
          namesOf(batch).some((name) => bad.includes(name)) ? sdkError("AccessDenied", 403) : undefined;
        const { names } = await run([batchOf(one, 500)], denied);
        assert.equal(names("failed").toSorted(), bad.toSorted());
        assert.is(names("applied").length, 500 - bad.length);
      }),
    ));

  test("gives up a zone that is gone after one call, and applies the others", async () => {
    const batches = [batchOf(one, 500), batchOf(one, 20), batchOf(two, 3)];
    const gone: Rule = (batch) => (batch.zone === one ? sdkError("NoSuchHostedZone", 404) : undefined);
    const { calls, names } = await run(batches, gone);
    assert.is(names("failed").length, 520);
    assert.is(names("applied").length, 3);
    assert.is(calls.length, 2);
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

  test("cuts off a call that is not answered in time", async () => {
    const startedAtMs = performance.now();
    const world = {
      now: () => performance.now(),
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
