import { assert, describe } from "../scripts/describe.ts";
import { createStackFixture } from "../scripts/local/engine-stack-fixture.ts";

describe("a preview with more names than a policy holds", (test) => {
  test("grants the zones, and says so", async () => {
    const zones = ["kept.org", "kept.dev"].map((name, index) => ({ name, id: `Z${index}` }));
    const domains = zones.flatMap(({ name }) => Array.from({ length: 500 }, (_, n) => `router-${n}.${name}`));
    const stack = await createStackFixture();
    const change = { zones, devices: [{ name: "attic", domains }] };
    const { exitCode, log } = await stack.run(change, { isPreview: true });
    await stack.remove();
    assert.is(exitCode, 0, JSON.stringify(log));
    assert.equal(log, [
      {
        severity: "warning",
        message:
          "the names in kept.org, kept.dev do not fit an IAM policy of 10240 characters: the role may change every address there, and only the function's settings say which; to narrow it, put the names below one or a few parents and give patterns such as *.PARENT",
      },
    ]);
  });
});
