import { assert, describe } from "../../scripts/describe.ts";
import { backoffMs, type Clock, type RetryOptions, retry } from "./retry.ts";

/** A clock on which waiting takes no time; `waits` are the waits, `random` is what it always gives. */
function fakeClock(random = 1): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let elapsedMs = 0;
  return {
    waits,
    // The deadline has nothing to do with the time of day, which may jump at any moment.
    now: () => (elapsedMs % 2 === 0 ? 0 : 4e12),
    monotonicMs: () => elapsedMs,
    after: () => () => {},
    random: () => random,
    async sleep(ms) {
      waits.push(ms);
      elapsedMs += ms;
    },
  };
}

const options = (more: Partial<RetryOptions> = {}): RetryOptions => ({
  isRetryable: () => true,
  deadlineMs: 60_000,
  signal: new AbortController().signal,
  ...more,
});

/** An attempt that fails so often. */
function failing(times: number) {
  let calls = 0;
  const attempt = async () => {
    calls += 1;
    if (calls <= times) throw new Error(`failure ${calls}`);
    return `success after ${calls}`;
  };
  return attempt;
}

describe("backoffMs", (test) => {
  test("is random from nothing to a limit that doubles from half a second to half a minute", () => {
    const limits = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((failures) => backoffMs(failures, fakeClock(1)));
    assert.equal(limits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    assert.is(backoffMs(5, fakeClock(0)), 0);
    assert.is(backoffMs(5, fakeClock(0.25)), 4000);
  });
});

describe("retry", (test) => {
  test("gives what works at once, without waiting", async () => {
    const clock = fakeClock();
    assert.is(await retry(failing(0), options(), clock), "success after 1");
    assert.equal(clock.waits, []);
  });

  test("waits longer after each failure", async () => {
    const clock = fakeClock();
    assert.is(await retry(failing(4), options(), clock), "success after 5");
    assert.equal(clock.waits, [500, 1000, 2000, 4000]);
  });

  test("makes its last attempt shortly before the deadline, and tells that failure", async () => {
    const clock = fakeClock();
    await assert.rejects(retry(failing(99), options(), clock), /^failure 8$/);
    assert.equal(clock.waits, [500, 1000, 2000, 4000, 8000, 16_000, 28_000]);
    assert.ok(clock.monotonicMs() < 60_000);
  });

  test("makes one attempt although the deadline is over", async () => {
    assert.is(await retry(failing(0), options({ deadlineMs: -1 }), fakeClock()), "success after 1");
    await assert.rejects(retry(failing(9), options({ deadlineMs: -1 }), fakeClock()), /^failure 1$/);
  });

  test("does not try again what cannot work", async () => {
    const isRetryable = (error: unknown) => (error as Error).message !== "failure 2";
    const clock = fakeClock();
    await assert.rejects(retry(failing(9), options({ isRetryable }), clock), /^failure 2$/);
    assert.equal(clock.waits, [500]);
  });

  test("makes no further attempt when something newer comes up while it waits", async () => {
    const newer = new AbortController();
    const clock = fakeClock();
    const sleep = async () => newer.abort();
    const work = retry(failing(9), options({ signal: newer.signal }), { ...clock, sleep });
    await assert.rejects(work, /^failure 1$/);
  });

  test("lets an attempt end, but does not wait, when something newer has come up during it", async () => {
    const newer = new AbortController();
    const clock = fakeClock();
    const attempt = async (isGood: boolean) => {
      newer.abort();
      if (!isGood) throw new Error("failure");
      return "success";
    };
    const work = (isGood: boolean) => retry(() => attempt(isGood), options({ signal: newer.signal }), clock);
    assert.is(await work(true), "success");
    await assert.rejects(work(false), /^failure$/);
    assert.equal(clock.waits, []);
  });
});
