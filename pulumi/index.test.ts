// What `pulumi up` and `pulumi preview` of the real program register, by Pulumi's own runner.
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatPublicKey } from "../lambda/contract/signature.ts";
import { assert, describe } from "../scripts/describe.ts";
import { type ProgramResult, runProgram } from "../scripts/local/engine.ts";
import { writeArchive } from "../scripts/local/engine-archive.ts";
import type { RegisteredResource } from "../scripts/local/engine-graph.ts";
import { type Archive, UNKNOWN } from "../scripts/local/engine-value.ts";

const ACCOUNT = "000000000000";
const STREAM_ARN = `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/addresses`;
const LOG_GROUP = "/aws/lambda/addresses";
const PUBLIC_KEY = formatPublicKey(generateKeyPairSync("ed25519").publicKey);

const config = {
  zones: ["example.com", { name: "example.net", id: "Z0GIVEN" }],
  devices: [
    { name: "attic", domains: ["attic.example.com"], publicKeys: [PUBLIC_KEY], accessKeys: ["1", "2"] },
    { name: "barn", domains: ["*.barn.example.net", "barn.example.net"], families: ["ipv4", "ipv6"] },
  ],
  streamName: "addresses",
  shards: 2,
  alarmEmail: "owner@example.com",
  reservedConcurrency: 5,
  tags: { owner: "me" },
  allowExampleNames: true,
};
const zones = { "example.com": "Z0FOUND" };

describe("pulumi up", (test) => {
  let folder: string;
  let up: ProgramResult;
  let preview: ProgramResult;
  test.before(async () => {
    folder = await mkdtemp(join(tmpdir(), "update-route53-test-"));
    const bundle = join(folder, "bundle.mjs");
    await writeFile(bundle, "// the function\n");
    const options = { config: { ...config, bundle }, zones };
    [up, preview] = await Promise.all([runProgram(options), runProgram({ ...options, isPreview: true })]);
  });
  test.after(() => rm(folder, { recursive: true }));

  const ofType = (type: string, { resources } = up) => resources.filter((resource) => resource.type === type);
  function only(type: string, result = up): RegisteredResource {
    const [found, ...others] = ofType(type, result);
    if (!found || others.length > 0) throw new Error(`expected one ${type}`);
    return found;
  }
  const policyOf = ({ inputs }: RegisteredResource) => JSON.parse(String(inputs.policy));

  test("ends well, with nothing to say, and so does its preview", () => {
    assert.equal([up.exitCode, up.log, up.printed], [0, [], ""]);
    assert.equal([preview.exitCode, preview.log, preview.printed], [0, [], ""]);
  });

  test("makes these and no others", () => {
    const counts = Object.groupBy(up.resources, ({ type }) => type);
    assert.equal(Object.fromEntries(Object.entries(counts).map(([type, all = []]) => [type, all.length])), {
      "pulumi:pulumi:Stack": 1,
      "update-route53:cloud:Updater": 1,
      "update-route53:cloud:Alarms": 1,
      "update-route53:cloud:Device": 2,
      "aws:kinesis/stream:Stream": 1,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
      "aws:lambda/function:Function": 1,
      "aws:lambda/eventSourceMapping:EventSourceMapping": 1,
      "aws:sqs/queue:Queue": 1,
      "aws:cloudwatch/logGroup:LogGroup": 1,
      "aws:cloudwatch/dashboard:Dashboard": 1,
      "aws:cloudwatch/metricAlarm:MetricAlarm": 8,
      "aws:sns/topic:Topic": 1,
      "aws:sns/topicSubscription:TopicSubscription": 1,
      "aws:iam/user:User": 2,
      "aws:iam/userPolicy:UserPolicy": 2,
      "aws:iam/accessKey:AccessKey": 3,
    });
  });

  test("protects the stream, and makes it as configured", () => {
    const stream = only("aws:kinesis/stream:Stream");
    assert.equal(stream.inputs, {
      name: "addresses",
      streamModeDetails: { streamMode: "PROVISIONED" },
      shardCount: 2,
      retentionPeriod: 24,
      encryptionType: "KMS",
      kmsKeyId: "alias/aws/kinesis",
      tags: { owner: "me" },
    });
    assert.equal(
      up.resources.filter(({ isProtected }) => isProtected).map(({ type }) => type),
      ["aws:kinesis/stream:Stream"],
    );
  });

  test("gives the function its bundle and its settings, with the zone that was looked up", async () => {
    const { code, ...inputs } = only("aws:lambda/function:Function").inputs;
    assert.equal(inputs, {
      name: "addresses",
      description: "Moves DNS names to the addresses that devices put on the stream",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: only("aws:iam/role:Role").outputs.arn,
      timeout: 60,
      memorySize: 256,
      reservedConcurrentExecutions: 5,
      loggingConfig: { logFormat: "JSON", logGroup: LOG_GROUP },
      tags: { owner: "me" },
    });
    const task = join(folder, "task");
    await writeArchive(code as Archive, { folder: task, workingFolder: up.workingFolder });
    assert.is(await readFile(join(task, "index.mjs"), "utf8"), "// the function\n");
    const document = JSON.parse(await readFile(join(task, "settings.json"), "utf8"));
    assert.equal(document.zones, [
      { name: "example.com", id: "Z0FOUND" },
      { name: "example.net", id: "Z0GIVEN" },
    ]);
    assert.equal(
      document.devices.map(({ name, publicKeys }: Record<string, unknown>) => [name, publicKeys]),
      [
        ["attic", [PUBLIC_KEY]],
        ["barn", []],
      ],
    );
  });

  test("maps the stream to the function, and what fails to the queue", () => {
    const queue = only("aws:sqs/queue:Queue");
    const { maximumRecordAgeInSeconds, ...inputs } = only(
      "aws:lambda/eventSourceMapping:EventSourceMapping",
    ).inputs;
    assert.equal(inputs, {
      eventSourceArn: STREAM_ARN,
      functionName: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:addresses`,
      startingPosition: "TRIM_HORIZON",
      batchSize: 1000,
      maximumBatchingWindowInSeconds: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      destinationConfig: { onFailure: { destinationArn: queue.outputs.arn } },
      tags: { owner: "me" },
    });
    assert.ok(Number(maximumRecordAgeInSeconds) < 24 * 3600, "given up before the stream forgets it");
  });

  test("makes the log before the function that would make it itself, and rights before their use", () => {
    const { name, retentionInDays } = only("aws:cloudwatch/logGroup:LogGroup").inputs;
    assert.equal([name, retentionInDays], [LOG_GROUP, 30]);
    const rolePolicy = only("aws:iam/rolePolicy:RolePolicy").urn;
    const made = only("aws:lambda/function:Function").dependencies;
    assert.ok(made.includes(only("aws:cloudwatch/logGroup:LogGroup").urn), made.join("\n"));
    assert.ok(made.includes(rolePolicy), made.join("\n"));
    assert.ok(only("aws:lambda/eventSourceMapping:EventSourceMapping").dependencies.includes(rolePolicy));
  });

  test("gives each device a user that may put on the stream, and no more", () => {
    const policies = ofType("aws:iam/userPolicy:UserPolicy");
    const users = ofType("aws:iam/user:User").map(({ id }) => id);
    assert.equal(policies.map(({ inputs }) => inputs.user).sort(), users.sort());
    for (const policy of policies) {
      assert.equal(policyOf(policy).Statement, [
        { Sid: "PutOnStream", Effect: "Allow", Action: ["kinesis:PutRecord"], Resource: STREAM_ARN },
      ]);
    }
  });

  test("gives the function rights on its own things only", () => {
    const statements: { Resource: string }[] = policyOf(only("aws:iam/rolePolicy:RolePolicy")).Statement;
    assert.equal(statements.map(({ Resource }) => Resource).sort(), [
      STREAM_ARN,
      `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${LOG_GROUP}:*`,
      "arn:aws:route53:::hostedzone/Z0FOUND",
      "arn:aws:route53:::hostedzone/Z0GIVEN",
      `arn:aws:sqs:eu-west-1:${ACCOUNT}:addresses-failures`,
    ]);
  });

  test("tells alarms and their ends to the topic, which tells the owner", () => {
    const topic = only("aws:sns/topic:Topic").outputs.arn;
    const {
      protocol,
      endpoint,
      topic: subscribed,
    } = only("aws:sns/topicSubscription:TopicSubscription").inputs;
    assert.equal([protocol, endpoint, subscribed], ["email", "owner@example.com", topic]);
    for (const { inputs } of ofType("aws:cloudwatch/metricAlarm:MetricAlarm")) {
      assert.equal([inputs.alarmActions, inputs.okActions], [[topic], [topic]], String(inputs.name));
    }
  });

  test("puts out the file of each device as a secret, with its newest key, and nothing else secret", () => {
    assert.equal([...up.outputs].map(([name, { isSecret }]) => [name, isSecret]).sort(), [
      ["config:attic", true],
      ["config:barn", true],
      ["dashboard", false],
      ["function", false],
      ["region", false],
      ["stream", false],
    ]);
    const newest = up.resources.find(
      ({ type, name }) => type.endsWith(":AccessKey") && /attic.*2/.test(name),
    );
    const toml = String(up.outputs.get("config:attic")?.value);
    assert.ok(
      toml.includes(`access_key_id = "${newest?.id}"\nsecret_access_key = "${newest?.outputs.secret}"\n`),
      toml,
    );
  });

  test("leaves no secret key in the open", () => {
    const keys = ofType("aws:iam/accessKey:AccessKey");
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
    assert.is(only("aws:iam/rolePolicy:RolePolicy", preview).inputs.policy, UNKNOWN);
    assert.is(only("aws:lambda/function:Function", preview).inputs.memorySize, 256);
  });
});

describe("pulumi up refuses, with one message and no resources,", (test) => {
  const refusals: readonly (readonly [what: string, change: object, message: RegExp])[] = [
    ["an unknown key", { devcies: [] }, /^Pulumi\.local\.yaml: devcies: unknown key$/],
    [
      "a bundle that is not there",
      { bundle: "nowhere.mjs" },
      /nowhere\.mjs: expected the function's bundle, found none/,
    ],
  ];
  for (const [what, change, message] of refusals) {
    test(what, async () => {
      const { exitCode, log, resources } = await runProgram({ config: { ...config, ...change }, zones });
      assert.is(exitCode, 32);
      assert.is(log.length, 1);
      assert.match(log[0]?.message ?? "", message);
      assert.equal(
        resources.map(({ type }) => type),
        ["pulumi:pulumi:Stack"],
      );
    });
  }
});
