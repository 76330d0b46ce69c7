import { assert, describe } from "../scripts/describe.ts";
import { createStackFixture, type StackFixture } from "../scripts/local/engine/stack-fixture.ts";

describe("a preview with more names than a policy holds", (test) => {
  let stack: StackFixture;
  test.before(async () => {
    stack = await createStackFixture();
  });
  test.after(() => stack.remove());

  for (const names of [["kept.org"], ["kept.org", "kept.dev"]]) {
    test(`grants all of ${names.join(" and ")}, and says so`, async () => {
      const zones = names.map((name, index) => ({ name, id: `Z${index}` }));
      const domains = names.flatMap((name) => Array.from({ length: 600 }, (_, n) => `router-${n}.${name}`));
      const change = { zones, devices: [{ name: "attic", domains }] };
      const { exitCode, log } = await stack.run(change, { isPreview: true });
      assert.is(exitCode, 0, JSON.stringify(log));
      assert.equal(log, [
        {
          severity: "warning",
          message: `the names in ${names.join(", ")} do not fit an IAM policy of 10240 characters: the role may change every address there, and only the function's settings say which; to narrow it, put the names below one or a few parents and give patterns such as *.PARENT`,
        },
      ]);
    });
  }
});
