import { assert, describe } from "../scripts/describe.ts";
import { createStackFixture, only, type StackFixture } from "../scripts/local/engine/stack-fixture.ts";

describe("the stream", (test) => {
  let stack: StackFixture;
  test.before(async () => {
    stack = await createStackFixture();
  });
  test.after(() => stack.remove());
  const inputsOf = async (change: Readonly<Record<string, unknown>>) =>
    only(await stack.run(change), "aws:kinesis/stream:Stream").inputs;

  test("is as configured, and encrypted with AWS's own key", async () => {
    assert.equal(await inputsOf({ retentionHours: 48 }), {
      name: "addresses",
      streamModeDetails: { streamMode: "PROVISIONED" },
      shardCount: 2,
      retentionPeriod: 48,
      encryptionType: "KMS",
      kmsKeyId: "alias/aws/kinesis",
      tags: { owner: "me" },
    });
  });

  test("has no number of shards where AWS chooses it, and no key where it is not encrypted", async () => {
    assert.equal(await inputsOf({ shards: "on-demand", encryption: false }), {
      name: "addresses",
      streamModeDetails: { streamMode: "ON_DEMAND" },
      retentionPeriod: 24,
      encryptionType: "NONE",
      tags: { owner: "me" },
    });
  });
});
