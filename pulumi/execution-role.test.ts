import { assert, describe } from "../scripts/describe.ts";
import { runProgram } from "../scripts/local/engine.ts";

describe("a preview with more names than a policy holds", (test) => {
  test("grants the zone, and says so", async () => {
    const domains = Array.from({ length: 1_000 }, (_, n) => `router-${n}.kept.org`);
    const config = {
      zones: [{ name: "kept.org", id: "ZKEPT" }],
      devices: [{ name: "attic", domains }],
      // Any file: nothing runs it.
      bundle: import.meta.filename,
    };
    const { exitCode, log } = await runProgram({ config, isPreview: true });
    assert.is(exitCode, 0);
    assert.equal(log, [
      {
        severity: "warning",
        message:
          "the names in kept.org. do not fit an IAM policy of 10240 characters: the role may change every address there, and only the function's settings say which",
      },
    ]);
  });
});
