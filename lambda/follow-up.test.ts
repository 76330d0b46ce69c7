import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import {
  batchOf,
  namesOf,
  type Rule,
  applyInVirtualTime as run,
  sdkError,
  zoneNamed,
} from "../scripts/simulate/route53.ts";
import type { ChangeBatch } from "./change-batch.ts";

const [one, two] = [zoneNamed("one"), zoneNamed("two")];

const conflict =
  (names: readonly string[], message = "conflict") =>
  (batch: ChangeBatch) =>
    namesOf(batch).some((name) => names.includes(name))
      ? sdkError("InvalidChangeBatch", 400, message)
      : undefined;

describe("a batch that fails for good", (test) => {
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

  test("gives up a zone that denies fifteen names all over it, and applies the others", async () => {
    const batches = [batchOf(one, 500), batchOf(one, 20), batchOf(two, 3)];
    const denied: Rule = (batch) => (batch.zone === one ? sdkError("AccessDenied", 403) : undefined);
    const { calls, names, outcomes } = await run(batches, denied);
    assert.equal(names("applied"), ["n0.two.test", "n1.two.test", "n2.two.test"]);
    assert.is(names("failed").length, 520);
    assert.ok(calls.length < 50, `${calls.length} calls`);
    const reasons = outcomes.flatMap((outcome) =>
      outcome.kind === "failed" ? [outcome.failure.message] : [],
    );
    const plain = 'Route 53 answered 403: "AccessDenied"';
    const ofZone =
      "taken to be the whole zone: 15 names of the zone were denied one by one and none was accepted";
    assert.equal([...new Set(reasons)], [plain, `${plain}, ${ofZone}`]);
    assert.is(reasons.filter((message) => message === plain).length, 15);
    const alone = calls.filter((call) => call.zone === "ONE" && call.names.length === 1);
    assert.is(alone.length, 15);
    // From all over the zone, so that an accepted name among them is likely where there is one.
    assert.ok(alone.some((call) => call.names.includes("n376.one.test")));
  });

  test("presumes nothing of another zone, one name of which is denied", async () => {
    const denied: Rule = (batch) =>
      batch.zone === one || namesOf(batch).includes("n10.two.test")
        ? sdkError("AccessDenied", 403)
        : undefined;
    const { names } = await run([batchOf(one, 100), batchOf(two, 20)], denied);
    assert.is(names("applied").length, 19);
    assert.is(names("failed").length, 101);
  });

  test("presumes nothing of names that wait to be tried for the first time", async () => {
    const busy: Rule = (batch, call) => {
      if (batch.rrsets.length === 300)
        return call < 80 ? sdkError("PriorRequestNotComplete", 400) : undefined;
      return sdkError("AccessDenied", 403);
    };
    const { names } = await run([batchOf(one, 200), batchOf(one, 300)], busy);
    assert.is(names("failed").length, 200);
    assert.equal(names("applied"), namesOf(batchOf(one, 300)));
  });

  test("presumes nothing of names that were refused for another reason", async () => {
    const invalid = ["n0.one.test", "n1.one.test"];
    const parts: Rule = (batch, call) => {
      if (!namesOf(batch).some((name) => invalid.includes(name))) return sdkError("AccessDenied", 403);
      if (call === 1) return sdkError("InvalidChangeBatch", 400);
      return call < 25 ? sdkError("PriorRequestNotComplete", 400) : undefined;
    };
    const { rrsets } = batchOf(one, 202);
    const batches = [rrsets.slice(0, 2), rrsets.slice(2)].map((part) => ({ zone: one, rrsets: part }));
    const { names } = await run(batches, parts);
    assert.equal(names("applied"), invalid);
    assert.is(names("failed").length, 200);
  });

  test("gives up what fifteen names in a row speak against, more after each accepted one", async () => {
    const good = ["n3.one.test", "n450.one.test"];
    const bad: Rule = (batch) =>
      namesOf(batch).every((name) => good.includes(name))
        ? undefined
        : sdkError("InvalidChangeBatch", 400, "full");
    const { calls, names, outcomes } = await run([batchOf(one, 500)], bad);
    assert.ok(names("applied").includes("n3.one.test"));
    assert.ok(calls.length < 80, `${calls.length} calls`);
    const told = outcomes.flatMap((outcome) =>
      outcome.kind === "failed" && outcome.failure.reason === "InvalidChangeBatch-presumed"
        ? [outcome.failure.message]
        : [],
    );
    const presumed =
      'Route 53 answered 400: "full", taken to be so for this name: the last 30 names of the zone were refused so one by one';
    assert.equal([...new Set(told)], [presumed]);
  });

  test("judges by itself what a full zone is asked for later", async () => {
    const { rrsets } = batchOf(one, 300);
    const batches = [rrsets.slice(0, 200), rrsets.slice(200)].map((part) => ({ zone: one, rrsets: part }));
    const isHeld = (name: string) => /^n2\d[13579]\./.test(name);
    const rule: Rule = (batch, call) => {
      if (batch === batches[1] && call < 60) return sdkError("PriorRequestNotComplete", 400);
      return namesOf(batch).every(isHeld) ? undefined : sdkError("InvalidChangeBatch", 400, "full");
    };
    const { names } = await run(batches, rule);
    assert.equal(
      names("applied").toSorted(),
      rrsets
        .slice(200)
        .map(({ winner }) => winner.update.fqdn.slice(0, -1))
        .filter(isHeld)
        .toSorted(),
    );
    assert.is(names("failed").length, 250);
  });

  test("fails no name that was not refused alone, where some of its zone are accepted", async () => {
    const { rrsets } = batchOf(one, 1_000);
    const batches = Array.from({ length: 20 }, (_, index) => ({
      zone: one,
      rrsets: rrsets.slice(index * 50, (index + 1) * 50),
    }));
    const bad = Array.from({ length: 40 }, (_, index) => `n${index * 20 + 10}.one.test`);
    const denied: Rule = (batch) =>
      namesOf(batch).some((name) => bad.includes(name)) ? sdkError("AccessDenied", 403) : undefined;
    const { names } = await run(batches, denied);
    assert.equal(names("failed").toSorted(), bad.toSorted());
    assert.is(names("applied").length, 960);
  });

  test("does not let the parts of one zone keep another waiting", async () => {
    for (const name of ["InvalidChangeBatch", "AccessDenied"]) {
      const refused: Rule = (batch, call) => {
        if (batch.zone === one) return sdkError(name, 400);
        return call < 4 ? sdkError("PriorRequestNotComplete", 400) : undefined;
      };
      const { calls } = await run([batchOf(one, 500), batchOf(two, 3), batchOf(two, 2)], refused, 20_000);
      const ofOther = calls.flatMap(({ zone }, index) => (zone === "TWO" ? [index] : []));
      assert.is(ofOther.length, 3, name);
      assert.ok((ofOther.at(-1) ?? 0) <= 12, `${name}: ${ofOther}`);
    }
  });

  test("does not keep another zone waiting for a part that was tried again either", async () => {
    const rule: Rule = (_, call) => {
      if (call === 1 || call === 4) return sdkError("InvalidChangeBatch", 400);
      return call <= 5 ? sdkError("PriorRequestNotComplete", 400) : undefined;
    };
    const { calls } = await run([batchOf(one, 2), batchOf(two, 1)], rule);
    assert.equal(
      calls.map(({ zone, names }) => `${zone} ${names.length}`),
      ["ONE 2", "TWO 1", "ONE 1", "ONE 1", "TWO 1", "TWO 1", "ONE 1"],
    );
  });

  test("does not keep the parts of a zone waiting for another one that is out of order", async () => {
    const ofOne = batchOf(one, 9_500).rrsets;
    const batches = Array.from({ length: 19 }, (_, index) => ({
      zone: one,
      rrsets: ofOne.slice(index * 500, (index + 1) * 500),
    }));
    const rule: Rule = (batch) =>
      batch.zone === one ? sdkError("ServiceUnavailable", 503) : conflict(["n250.two.test"])(batch);
    const { names, calls } = await run([...batches, batchOf(two, 500)], rule, 20_000);
    assert.is(names("applied").length, 499);
    assert.equal(names("failed"), ["n250.two.test"]);
    assert.is(names("unapplied").length, 9_500);
    const ofOneCount = calls.filter(({ zone }) => zone === "ONE").length;
    assert.ok(ofOneCount <= 12, `${ofOneCount} calls`);
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
      { examples: [[[0, 1, 2, 3, 4, 5, 6]], [[499]]] },
    ));

  test("gives up a zone that is gone after one call, and applies the others", async () => {
    const batches = [batchOf(one, 500), batchOf(one, 20), batchOf(two, 3)];
    const gone: Rule = (batch) => (batch.zone === one ? sdkError("NoSuchHostedZone", 404) : undefined);
    const { calls, names } = await run(batches, gone);
    assert.is(names("failed").length, 520);
    assert.is(names("applied").length, 3);
    assert.is(calls.length, 2);
  });
});
