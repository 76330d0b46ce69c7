import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import { backoffMs, createPace } from "./pace.ts";

describe("a pace of 5 calls a second", (test) => {
  test("lets five calls go at once, and the sixth a second after the first has ended", () => {
    const pace = createPace(5, 1000);
    for (const at of [0, 10, 20, 30, 40]) {
      assert.is(pace.delayMs(at), 0);
      pace.ended(at + 5);
    }
    assert.is(pace.delayMs(50), 955);
    assert.is(pace.delayMs(1004), 1);
    assert.is(pace.delayMs(1005), 0);
    pace.ended(1010);
    assert.is(pace.delayMs(1010), 5);
  });

  test("lets nothing go before an instant that it was held until", () => {
    const pace = createPace(5, 1000);
    pace.holdUntil(300);
    pace.holdUntil(200);
    assert.is(pace.delayMs(100), 200);
    assert.is(pace.delayMs(300), 0);
  });

  test("never lets six calls arrive within a second, however long each is under way", async () => {
    const call = fc.record({ idleMs: fc.nat(400), thereMs: fc.nat(900), backMs: fc.nat(900) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), async (calls) => {
        const clock = createVirtualClock();
        const pace = createPace(5, 1000);
        const arrivals: number[] = [];
        for (const { idleMs, thereMs, backMs } of calls) {
          await clock.sleep(idleMs);
          await clock.sleep(pace.delayMs(clock.now()));
          await clock.sleep(thereMs);
          arrivals.push(clock.now());
          await clock.sleep(backMs);
          pace.ended(clock.now());
        }
        for (const [index, at] of arrivals.entries()) {
          assert.ok(at - (arrivals[index - 5] ?? Number.NEGATIVE_INFINITY) >= 1000);
        }
      }),
    );
  });
});

describe("backoffMs", (test) => {
  test("doubles up to five seconds, between half and all of it", () => {
    const least = [1, 2, 3, 4, 5, 6, 60].map((failures) => backoffMs(failures, 0));
    const most = [1, 2, 3, 4, 5, 6, 60].map((failures) => backoffMs(failures, 1));
    assert.equal(least, [125, 250, 500, 1000, 2000, 2500, 2500]);
    assert.equal(most, [250, 500, 1000, 2000, 4000, 5000, 5000]);
  });
});
