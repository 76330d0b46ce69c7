import { assert, describe } from "../../scripts/describe.ts";
import type { Clock } from "./retry.ts";
import { untilClockValid } from "./valid-clock.ts";

const BUILT = Date.parse("2026-11-01T00:00:00Z");
const { signal } = new AbortController();

/** A clock that shows 1970 until somebody sets it after so many milliseconds. */
function clockSetAfter(ms: number, rightMs = BUILT + 1e9): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let elapsedMs = 0;
  return {
    waits,
    now: () => (elapsedMs >= ms ? rightMs : 0) + elapsedMs,
    monotonicMs: () => elapsedMs,
    after: () => () => {},
    random: () => 1,
    async sleep(waitMs) {
      waits.push(waitMs);
      elapsedMs += waitMs;
    },
  };
}

describe("untilClockValid", (test) => {
  test("does not wait where the clock can be right", async () => {
    const clock = clockSetAfter(0, BUILT);
    assert.is(await untilClockValid(BUILT, { deadlineMs: 60_000, signal }, clock), true);
    assert.equal(clock.waits, []);
  });

  test("waits until the clock is set, by a jump of half a century", async () => {
    const clock = clockSetAfter(20_000);
    assert.is(await untilClockValid(BUILT, { deadlineMs: 60_000, signal }, clock), true);
    assert.is(clock.monotonicMs(), 20_000);
  });

  test("ends at the deadline where nobody sets it", async () => {
    const clock = clockSetAfter(99_000);
    assert.is(await untilClockValid(BUILT, { deadlineMs: 60_000, signal }, clock), false);
    assert.ok(clock.monotonicMs() > 58_000 && clock.monotonicMs() < 60_000);
  });

  test("goes on waiting where the clock is set, but wrong", async () => {
    const clock = clockSetAfter(20_000, BUILT - 1e9);
    assert.is(await untilClockValid(BUILT, { deadlineMs: 60_000, signal }, clock), false);
  });

  test("ends when something newer comes up", async () => {
    const newer = new AbortController();
    const clock = clockSetAfter(99_000);
    const sleep: Clock["sleep"] = async (ms, waitSignal) => {
      await clock.sleep(ms, waitSignal);
      if (clock.waits.length === 3) newer.abort();
    };
    const options = { deadlineMs: 60_000, signal: newer.signal };
    assert.is(await untilClockValid(BUILT, options, { ...clock, sleep }), false);
    assert.is(clock.waits.length, 3);
  });
});
