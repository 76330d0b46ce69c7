// What `pulumi up` and `pulumi preview` of the real program make as a whole, by Pulumi's own runner.
import { readFileSync } from "node:fs";
import { assert, describe } from "../scripts/describe.ts";
import type { ProgramResult } from "../scripts/local/engine/engine.ts";
import {
  createStackFixture,
  ofType,
  only,
  type StackFixture,
} from "../scripts/local/engine/stack-fixture.ts";
import { UNKNOWN } from "../scripts/local/engine/value.ts";

/** Each resource below its parent, by type and name. */
const TREE = [
  "pulumi:pulumi:Stack update-route53-local",
  "  aws:cloudwatch/dashboard:Dashboard dashboard",
  "  aws:kinesis/stream:Stream stream",
  "  update-route53:cloud:Alarms alarms",
  "    aws:cloudwatch/metricAlarm:MetricAlarm dead-letters",
  "    aws:cloudwatch/metricAlarm:MetricAlarm errors",
  "    aws:cloudwatch/metricAlarm:MetricAlarm failed",
  "    aws:cloudwatch/metricAlarm:MetricAlarm iterator-age",
  "    aws:cloudwatch/metricAlarm:MetricAlarm refused",
  "    aws:cloudwatch/metricAlarm:MetricAlarm silent-attic",
  "    aws:cloudwatch/metricAlarm:MetricAlarm silent-barn",
  "    aws:cloudwatch/metricAlarm:MetricAlarm throttles",
  "    aws:cloudwatch/metricAlarm:MetricAlarm write-throttling",
  "    aws:sns/topic:Topic alarms",
  "      aws:sns/topicSubscription:TopicSubscription alarm-email",
  "  update-route53:cloud:Device attic",
  "    aws:iam/user:User attic",
  "      aws:iam/accessKey:AccessKey attic/1",
  "      aws:iam/accessKey:AccessKey attic/2",
  "      aws:iam/userPolicy:UserPolicy attic",
  "  update-route53:cloud:Device barn",
  "    aws:iam/user:User barn",
  "      aws:iam/accessKey:AccessKey barn/1",
  "      aws:iam/userPolicy:UserPolicy barn",
  "  update-route53:cloud:Updater updater",
  "    aws:cloudwatch/logGroup:LogGroup log",
  "    aws:iam/role:Role updater",
  "      aws:iam/rolePolicy:RolePolicy updater",
  "    aws:lambda/eventSourceMapping:EventSourceMapping mapping",
  "    aws:lambda/function:Function function",
  "    aws:sqs/queue:Queue failures",
];

const TAGGED = [
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:iam/role:Role",
  "aws:iam/user:User",
  "aws:kinesis/stream:Stream",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
];

describe("pulumi up", (test) => {
  let stack: StackFixture;
  let up: ProgramResult;
  let preview: ProgramResult;
  test.before(async () => {
    stack = await createStackFixture();
    [up, preview] = await Promise.all([stack.run(), stack.run({}, { isPreview: true })]);
  });
  test.after(() => stack.remove());

  test("ends well, with nothing to say, and so does its preview", () => {
    assert.equal([up.exitCode, up.log, up.printed], [0, [], ""]);
    assert.equal([preview.exitCode, preview.log, preview.printed], [0, [], ""]);
  });

  test("makes these and no others, each below its parent", () => {
    const treeBelow = (parent: string, indent: string): string[] =>
      up.resources
        .filter((resource) => resource.parent === parent)
        .map(({ type, name, urn }) => [`${indent}${type} ${name}`, ...treeBelow(urn, `${indent}  `)])
        .sort(([one = ""], [other = ""]) => (one < other ? -1 : 1))
        .flat();
    assert.equal(treeBelow("", ""), TREE);
  });

  test("protects the stream, and nothing else, under the name that the README gives to unprotect it", () => {
    const isProtected = up.resources.filter((resource) => resource.isProtected).map(({ urn }) => urn);
    const urn = "urn:pulumi:local::update-route53::aws:kinesis/stream:Stream::stream";
    assert.equal(isProtected, [urn]);
    const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
    assert.ok(readme.includes(`npx pulumi state unprotect '${urn.replace(":local:", ":home:")}'`));
  });

  test("can be imported into, under the names that the README gives", () => {
    const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
    const { type, name, parent } = only(up, "aws:cloudwatch/logGroup:LogGroup");
    assert.ok(
      readme.includes(
        `npx pulumi import --generate-code=false aws:kinesis/stream:Stream stream update-route53\n`,
      ),
    );
    const parentUrn = parent.replace(":local:", ":home:");
    const options = `--generate-code=false --protect=false \\\n  --parent 'updater=${parentUrn}' \\\n`;
    const command = `npx pulumi import ${options}  ${type} ${name} /aws/lambda/update-route53\n`;
    assert.ok(readme.includes(command), command);
  });

  test("tags everything that can have tags", () => {
    const isTagged = ({ inputs }: { inputs: { tags?: unknown } }) =>
      JSON.stringify(inputs.tags) === JSON.stringify({ owner: "me" });
    const tagged = up.resources.filter(isTagged);
    assert.equal([...new Set(tagged.map(({ type }) => type))].sort(), TAGGED);
    assert.is(tagged.length, up.resources.filter(({ type }) => TAGGED.includes(type)).length);
  });

  test("puts out the file of each device as a secret, and nothing else as one", () => {
    assert.equal([...up.outputs].map(([name, { isSecret }]) => [name, isSecret]).sort(), [
      ["config:attic", true],
      ["config:barn", true],
      ["dashboard", false],
      ["function", false],
      ["region", false],
      ["stream", false],
    ]);
    const values = ["stream", "region", "function"].map((name) => up.outputs.get(name)?.value);
    assert.equal(values, ["addresses", "ap-south-1", "addresses"]);
  });

  test("leaves no secret key in the open", () => {
    const keys = ofType(up, "aws:iam/accessKey:AccessKey");
    for (const { secretOutputs } of keys) assert.ok(secretOutputs.includes("secret"));
    const open = up.resources.flatMap(({ inputs, outputs, secretInputs, secretOutputs, parent }) => [
      ...Object.entries(inputs).filter(([name]) => !secretInputs.includes(name)),
      // The outputs of the stack are asserted above.
      ...Object.entries(parent === "" ? {} : outputs).filter(([name]) => !secretOutputs.includes(name)),
    ]);
    const text = JSON.stringify(open);
    for (const { outputs } of keys) assert.not.ok(text.includes(String(outputs.secret)));
  });

  test("can be previewed while nothing exists: same resources, unknown values, secrets still secret", () => {
    const urns = (result: ProgramResult) => result.resources.map(({ urn }) => urn).sort();
    assert.equal(urns(preview), urns(up));
    assert.equal(preview.outputs.get("config:attic"), { value: UNKNOWN, isSecret: true });
    assert.equal(preview.outputs.get("stream"), { value: "addresses", isSecret: false });
    assert.is(only(preview, "aws:iam/rolePolicy:RolePolicy").inputs.policy, UNKNOWN);
    assert.is(only(preview, "aws:lambda/function:Function").inputs.memorySize, 512);
  });
});
