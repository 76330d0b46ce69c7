import { assert, describe } from "../scripts/describe.ts";
import {
  batchOf,
  namesOf,
  type Rule,
  applyInVirtualTime as run,
  sdkError,
  zoneNamed,
} from "../scripts/simulate/route53.ts";

const zone = zoneNamed("one");
const BAD = "n250.one.test";
const GOOD = namesOf(batchOf(zone, 500)).filter((name) => name !== BAD);

const failingOn =
  (names: readonly string[], error: Error): Rule =>
  (batch) =>
    namesOf(batch).some((name) => names.includes(name)) ? error : undefined;

describe("a batch that Route 53 never takes, for no permanent reason,", (test) => {
  for (const [name, status] of [
    ["InternalFailure", 500],
    ["RequestEntityTooLarge", 413],
    ["BrandNewError", 400],
  ] as const) {
    test(`is halved after four times ${name}, and only the bad name is left`, async () => {
      const rule = failingOn([BAD], sdkError(name, status));
      const { calls, names } = await run([batchOf(zone, 500)], rule, 58_000);
      assert.equal(
        calls.slice(0, 5).map((call) => call.names.length),
        [500, 500, 500, 500, 250],
      );
      assert.equal(names("applied").toSorted(), GOOD.toSorted());
      assert.equal(names("failed"), []);
      assert.equal(names("unapplied"), [BAD]);
    });
  }

  for (const [name, status] of [
    ["Throttling", 400],
    ["PriorRequestNotComplete", 400],
    ["ServiceUnavailable", undefined],
  ] as const) {
    test(`stays whole after ${name}${status ? "" : " without an answer"}, which is no fault of it`, async () => {
      const error = status ? sdkError(name, status) : Object.assign(new Error("socket hang up"), { name });
      const { calls } = await run([batchOf(zone, 500)], () => error, 58_000);
      assert.ok(calls.length > 8);
      assert.ok(calls.every((call) => call.names.length === 500));
    });
  }

  test("is halved at once where a 400 does not say what is wrong, and the bad name fails the fourth time", async () => {
    const { calls, names, outcomes } = await run(
      [batchOf(zone, 500)],
      failingOn([BAD], sdkError("Unknown", 400)),
    );
    assert.equal(names("applied").toSorted(), GOOD.toSorted());
    assert.equal(names("failed"), [BAD]);
    assert.is(calls.filter((call) => call.names.join() === BAD).length, 4);
    assert.ok(calls.length <= 1 + 2 * 9 + 3, `${calls.length} calls`);
    const failed = outcomes.find(({ kind }) => kind === "failed");
    assert.is(failed?.kind === "failed" && failed.failure.reason, "Unknown");
  });

  test("is not presumed to be bad where a 400 does not say what is wrong", async () => {
    const bad = namesOf(batchOf(zone, 40));
    const { names, outcomes } = await run([batchOf(zone, 60)], failingOn(bad, sdkError("Unknown", 400)));
    assert.is(names("applied").length, 20);
    assert.equal(names("failed").toSorted(), bad.toSorted());
    const reasons = outcomes.flatMap((outcome) =>
      outcome.kind === "failed" ? [outcome.failure.reason] : [],
    );
    assert.equal([...new Set(reasons)], ["Unknown"]);
  });
});
