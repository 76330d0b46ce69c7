import { assert, describe } from "../describe.ts";
import { formatGoal } from "./goals.ts";

describe("a goal", (test) => {
  const most = { what: "a binary", limit: 112, unit: "MB" };
  const least = { what: "boto3", limit: 3, isAtLeast: true, unit: "x" };
  const cases = [
    [{ ...most, found: 112 }, "goal a binary at most 112 MB: met (112.00)"],
    [{ ...most, found: 112.5 }, "goal a binary at most 112 MB: MISSED (112.50)"],
    [{ ...least, found: 3.25 }, "goal boto3 at least 3 x: met (3.25)"],
    [{ ...least, found: 2.5 }, "goal boto3 at least 3 x: MISSED (2.50)"],
    [
      { ...least, found: undefined, without: "it is not installed" },
      "goal boto3 at least 3 x: not measured, it is not installed",
    ],
  ] as const;
  for (const [goal, told] of cases) test(told, () => assert.is(formatGoal(goal), told));
});
