import { assert, describe } from "../describe.ts";
import { simulateStorm } from "./storm.ts";

describe("simulateStorm", (test) => {
  test("takes one call for one device, as soon as it is polled", async () => {
    const outcome = await simulateStorm({ devices: 1, seconds: 60, zones: 1 });
    assert.equal([outcome.route53.calls, outcome.invocations], [1, 1]);
    assert.ok(outcome.allAppliedSeconds < 0.2);
  });

  test("coalesces what comes in a second into one call a zone", async () => {
    const one = await simulateStorm({ devices: 2_000, seconds: 10, zones: 1 });
    // Polled at 0 s and then every second: eleven invocations.
    assert.equal([one.invocations, one.route53.calls], [11, 11]);
    const two = await simulateStorm({ devices: 2_000, seconds: 10, zones: 2 });
    assert.equal([two.invocations, two.route53.calls], [11, 21]);
  });

  test("waits for the shard, which takes a thousand records a second", async () => {
    const { allAppliedSeconds, route53 } = await simulateStorm({ devices: 5_000, seconds: 1, zones: 1 });
    assert.ok(allAppliedSeconds > 5 && allAppliedSeconds < 7, `${allAppliedSeconds} s`);
    assert.ok(route53.calls >= 10 && route53.calls <= 16, `${route53.calls} calls`);
    assert.equal([route53.throttled, route53.refused], [0, 0]);
  });

  test("needs, without coalescing, more than a fifth of a second for each device", async () => {
    const storm = { devices: 2_000, seconds: 60, zones: 1 };
    const { allAppliedSeconds, route53, invocations } = await simulateStorm(storm, { isNaive: true });
    assert.equal(route53, { calls: 2_000, throttled: 0, refused: 0 });
    assert.ok(allAppliedSeconds >= 400 && allAppliedSeconds < 450, `${allAppliedSeconds} s`);
    // A minute each, with more to come.
    assert.ok(invocations >= 7, `${invocations} invocations`);
  });

  const storm = { devices: 5_000, seconds: 1, zones: 20 };
  for (const isNaive of [false, true]) {
    const design = isNaive ? "a call for each record" : "coalescing";
    test(`is never throttled or refused with the pace of the function (${design})`, async () => {
      const { route53 } = await simulateStorm(storm, { isNaive });
      assert.equal([route53.throttled, route53.refused], [0, 0]);
      assert.ok(route53.calls > 20);
    });
  }

  test("is throttled with another pace, and gets there all the same", async () => {
    const { route53, allAppliedSeconds } = await simulateStorm(storm, { callsPerSecond: 50 });
    assert.ok(route53.throttled > 10, `${route53.throttled} throttled`);
    assert.ok(allAppliedSeconds > 0);
    const six = await simulateStorm(storm, { callsPerSecond: 6 });
    assert.ok(six.route53.throttled > 0, "one call a second too many");
  });
});
