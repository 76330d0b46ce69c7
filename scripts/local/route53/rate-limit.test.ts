import { assert, describe } from "../../describe.ts";
import { createRateLimit } from "./rate-limit.ts";

describe("a rate of five calls a second", (test) => {
  const calls: readonly (readonly [string, number[], boolean[]])[] = [
    [
      "lets five at once through and stops the sixth",
      [0, 0, 0, 0, 0, 0],
      [true, true, true, true, true, false],
    ],
    [
      "lets one through every 200 ms after that",
      [0, 0, 0, 0, 0, 199, 200, 200],
      [true, true, true, true, true, false, true, false],
    ],
    [
      "saves up no more than a second's worth",
      [0, 9e9, 9e9, 9e9, 9e9, 9e9, 9e9],
      [true, true, true, true, true, true, false],
    ],
    ["is not upset by a clock set back", [1_000, 0, 0, 0, 0, 0], [true, true, true, true, true, false]],
  ];
  for (const [title, times, expected] of calls) {
    test(title, () => {
      const isWithinRate = createRateLimit(5);
      assert.equal(
        times.map((nowMs) => isWithinRate(nowMs)),
        expected,
      );
    });
  }
});
