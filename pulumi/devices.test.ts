import { assert, describe } from "../scripts/describe.ts";
import type { ProgramResult } from "../scripts/local/engine/engine.ts";
import { createStackFixture, ofType, type StackFixture } from "../scripts/local/engine/stack-fixture.ts";
import { devicePolicy } from "./policies.ts";

const STREAM_ARN = "arn:aws:kinesis:ap-south-1:000000000000:stream/addresses";

describe("each device", (test) => {
  let stack: StackFixture;
  let up: ProgramResult;
  test.before(async () => {
    stack = await createStackFixture();
    up = await stack.run();
  });
  test.after(() => stack.remove());
  const users = () => ofType(up, "aws:iam/user:User");
  const policies = () => ofType(up, "aws:iam/userPolicy:UserPolicy");
  const keys = () => ofType(up, "aws:iam/accessKey:AccessKey");

  test("has a user, whose one policy is to put on the stream", () => {
    assert.equal(
      users().map(({ inputs }) => inputs.path),
      ["/update-route53/", "/update-route53/"],
    );
    for (const { id, name } of users()) {
      const own = policies().filter(({ inputs }) => inputs.user === id);
      assert.equal(
        own.map(({ inputs }) => JSON.parse(String(inputs.policy))),
        [devicePolicy(STREAM_ARN)],
        name,
      );
    }
    assert.is(policies().length, users().length);
  });

  test("has the keys that it is configured to have, none of them before the rights", () => {
    const owners = keys().map(({ name, inputs }) => [
      name,
      users().find(({ id }) => id === inputs.user)?.name,
    ]);
    assert.equal(owners, [
      ["attic/1", "attic"],
      ["attic/2", "attic"],
      ["barn/1", "barn"],
    ]);
    for (const { name, inputs, dependencies } of keys()) {
      const policy = policies().find((candidate) => candidate.inputs.user === inputs.user);
      assert.ok(dependencies.includes(policy?.urn ?? "no policy"), `${name}: ${dependencies.join(" ")}`);
    }
  });

  test("has a file with its own newest key, stream and region", () => {
    for (const [device, newest] of [
      ["attic", "attic/2"],
      ["barn", "barn/1"],
    ]) {
      const key = keys().find(({ name }) => name === newest);
      const toml = String(up.outputs.get(`config:${device}`)?.value);
      const access = [
        'stream = "addresses"',
        'region = "ap-south-1"',
        `access_key_id = "${key?.id}"`,
        `secret_access_key = "${key?.outputs.secret}"`,
      ];
      assert.ok(toml.includes(`${access.join("\n")}\n`), toml);
    }
  });
});
