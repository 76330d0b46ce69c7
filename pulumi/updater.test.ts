import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { assert, describe } from "../scripts/describe.ts";
import { writeArchive } from "../scripts/local/engine/archive.ts";
import type { ProgramResult } from "../scripts/local/engine/engine.ts";
import { createStackFixture, only, type StackFixture } from "../scripts/local/engine/stack-fixture.ts";
import type { Archive } from "../scripts/local/engine/value.ts";

const ACCOUNT = "000000000000";
const STREAM_ARN = `arn:aws:kinesis:ap-south-1:${ACCOUNT}:stream/addresses`;
const LOG_GROUP = "/aws/lambda/addresses";
const FUNCTION = "aws:lambda/function:Function";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

describe("the updater", (test) => {
  let stack: StackFixture;
  let up: ProgramResult;
  test.before(async () => {
    stack = await createStackFixture();
    up = await stack.run();
  });
  test.after(() => stack.remove());

  test("has a function named after the stream", () => {
    const { code: _, ...inputs } = only(up, FUNCTION).inputs;
    assert.equal(inputs, {
      name: "addresses",
      description: "Moves DNS names to the addresses that devices put on the stream",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: only(up, "aws:iam/role:Role").outputs.arn,
      timeout: 60,
      memorySize: 512,
      reservedConcurrentExecutions: 5,
      loggingConfig: { logFormat: "JSON", logGroup: LOG_GROUP },
      tags: { owner: "me" },
    });
  });

  test("gives it its bundle and its settings, with the zone that was looked up", async () => {
    const task = join(stack.folder, "task");
    const { code } = only(up, FUNCTION).inputs;
    await writeArchive(code as Archive, { folder: task, workingFolder: up.workingFolder });
    assert.is(await readFile(join(task, "index.mjs"), "utf8"), "// the function\n");
    const document = JSON.parse(await readFile(join(task, "settings.json"), "utf8"));
    assert.equal(document.zones, [
      { name: "kept.dev", id: "Z1" },
      { name: "example.com", id: "Z0FOUND" },
      { name: "example.net", id: "Z0GIVEN" },
    ]);
    assert.is(document.ttlSeconds, 300);
    assert.equal(
      document.devices.map(({ name, publicKeys }: Record<string, unknown>) => [name, publicKeys]),
      [
        ["attic", ["YS+M9DmWXUDP5D6/VNzGUPk/H8Zl8AuON1/s0FLIPkI="]],
        ["barn", []],
      ],
    );
  });

  test("maps the stream to it, and what fails to a queue that keeps it as long as SQS does", () => {
    const queue = only(up, "aws:sqs/queue:Queue");
    assert.equal(queue.inputs, {
      name: "addresses-failures",
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
      tags: { owner: "me" },
    });
    const { maximumRecordAgeInSeconds, ...inputs } = only(up, MAPPING).inputs;
    assert.equal(inputs, {
      eventSourceArn: STREAM_ARN,
      functionName: `arn:aws:lambda:ap-south-1:${ACCOUNT}:function:addresses`,
      startingPosition: "TRIM_HORIZON",
      batchSize: 10_000,
      maximumBatchingWindowInSeconds: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      destinationConfig: { onFailure: { destinationArn: queue.outputs.arn } },
      tags: { owner: "me" },
    });
    // Longer than an outage of Route 53, and given up before the stream forgets it.
    assert.is(maximumRecordAgeInSeconds, 6 * 3_600);
  });

  test("has its log before the function that would make it itself, and rights before their use", () => {
    const { name, retentionInDays } = only(up, "aws:cloudwatch/logGroup:LogGroup").inputs;
    assert.equal([name, retentionInDays], [LOG_GROUP, 14]);
    const rolePolicy = only(up, "aws:iam/rolePolicy:RolePolicy").urn;
    const made = only(up, FUNCTION).dependencies;
    assert.ok(made.includes(only(up, "aws:cloudwatch/logGroup:LogGroup").urn), made.join("\n"));
    assert.ok(made.includes(rolePolicy), made.join("\n"));
    assert.ok(only(up, MAPPING).dependencies.includes(rolePolicy));
  });

  test("runs as a role that Lambda alone may assume", () => {
    assert.equal(JSON.parse(String(only(up, "aws:iam/role:Role").inputs.assumeRolePolicy)), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ],
    });
  });

  test("has rights on its own things only", () => {
    const { inputs } = only(up, "aws:iam/rolePolicy:RolePolicy");
    assert.is(inputs.role, only(up, "aws:iam/role:Role").id);
    const statements: { Resource: string; Condition?: object }[] = JSON.parse(
      String(inputs.policy),
    ).Statement;
    assert.equal(statements.map(({ Resource }) => Resource).sort(), [
      STREAM_ARN,
      `arn:aws:logs:ap-south-1:${ACCOUNT}:log-group:${LOG_GROUP}:*`,
      "arn:aws:route53:::hostedzone/Z0FOUND",
      "arn:aws:route53:::hostedzone/Z0GIVEN",
      `arn:aws:sqs:ap-south-1:${ACCOUNT}:addresses-failures`,
    ]);
    const names = Object.fromEntries(
      statements.map(({ Resource, Condition }) => [
        Resource.split("/")[1],
        /"[^"]*RecordNames":(\["[^\]]*\])/.exec(JSON.stringify(Condition ?? {}))?.[1],
      ]),
    );
    assert.is(names.Z0FOUND, '["attic.example.com"]');
    assert.is(names.Z0GIVEN, '["*.barn.example.net","barn.example.net"]');
  });
});
