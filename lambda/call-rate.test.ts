import { assert, describe } from "../scripts/describe.ts";
import { ACCOUNT_CALLS_PER_SECOND, callRateOf } from "./call-rate.ts";

describe("callRateOf", (test) => {
  const cases: [callsPerSecond: number, calls: number, periodMs: number][] = [
    [5, 5, 1_000],
    [2.5, 2, 1_000],
    [5 / 3, 1, 1_000],
    [1, 1, 1_000],
    [5 / 6, 1, 1_200],
    [5 / 200, 1, 40_000],
  ];
  for (const [callsPerSecond, calls, periodMs] of cases) {
    test(`makes of ${callsPerSecond} a second ${calls} in ${periodMs} ms`, () =>
      assert.equal(callRateOf(callsPerSecond), { calls, periodMs }));
  }

  test("keeps up to two hundred processes under the account's rate, even if all call at once", () => {
    for (let processes = 1; processes <= 200; processes += 1) {
      const { calls, periodMs } = callRateOf(ACCOUNT_CALLS_PER_SECOND / processes);
      assert.ok((processes * calls * 1_000) / periodMs <= ACCOUNT_CALLS_PER_SECOND, `${processes} processes`);
    }
  });
});
