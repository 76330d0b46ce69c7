import { assert, describe } from "../scripts/describe.ts";
import { createStackFixture, only, type StackFixture } from "../scripts/local/engine/stack-fixture.ts";

describe("the zones of a stack", (test) => {
  let stack: StackFixture;
  test.before(async () => {
    stack = await createStackFixture();
  });
  test.after(() => stack.remove());

  const refusals: readonly (readonly [what: string, zones: readonly object[], message: string])[] = [
    [
      "of which one does not exist",
      [{ name: "example.com" }, { name: "Elsewhere.example.org" }],
      'zones[1].name: expected one public hosted zone "elsewhere.example.org": no matching Route 53 Hosted Zone found',
    ],
    [
      "of which an id does not exist",
      [{ name: "example.com", id: "Z0NOWHERE" }],
      'zones[0].id: expected the public hosted zone "example.com": no matching Route 53 Hosted Zone found',
    ],
    [
      "of which an id is another's",
      [{ name: "example.com", id: "Z0GIVEN" }],
      'zones[0].id: expected the public hosted zone "example.com", got "Z0GIVEN", which is "example.net"',
    ],
    [
      "of which an id is a private one's",
      [{ name: "example.com", id: "Z0PRIVATE" }],
      'zones[0].id: expected the public hosted zone "example.com", got "Z0PRIVATE", which is a private one',
    ],
  ];
  const devices = [{ name: "attic", domains: ["attic.example.com"] }];
  for (const [what, zones, message] of refusals) {
    for (const isPreview of [false, true]) {
      test(`${what} are refused in one line, before anything is made${isPreview ? ", and previewed" : ""}`, async () => {
        const { exitCode, log, resources, printed } = await stack.run({ zones, devices }, { isPreview });
        assert.equal(log, [{ severity: "error", message: `Pulumi.local.yaml: ${message}` }]);
        assert.equal([exitCode, printed], [32, ""]);
        assert.equal(
          resources.map(({ type }) => type),
          ["pulumi:pulumi:Stack"],
        );
      });
    }
  }

  test("are looked up by their A-labels, however they are written", async () => {
    const zones = ["BÜCHER.kept.org.", { name: "EXAMPLE.net.", id: "Z0GIVEN" }];
    const names = [{ name: "attic", domains: ["attic.bücher.kept.org", "attic.example.net"] }];
    const up = await stack.run({ zones, devices: names });
    assert.equal([up.exitCode, up.log], [0, []]);
    const policy = String(only(up, "aws:iam/rolePolicy:RolePolicy").inputs.policy);
    assert.equal(policy.match(/hostedzone\/\w+/g), ["hostedzone/Z0IDN", "hostedzone/Z0GIVEN"]);
  });
});
