import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assert, describe } from "../../describe.ts";
import { writeArchive } from "./archive.ts";
import { type ProgramOptions, type ProgramResult, runProgram } from "./engine.ts";
import { createProgram, type ProgramFixture } from "./fixture.ts";
import { type Archive, UNKNOWN } from "./value.ts";

const SOURCE = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config();
const zone = aws.route53.getZoneOutput({ name: config.require("zone") });
const names = config.requireObject<string[]>("names");
class Feed extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("tiny:index:Feed", name, {}, opts);
    this.registerOutputs({ arn: new aws.kinesis.Stream("events", { name: "s", shardCount: 2 },
      { parent: this, protect: true, aliases: [{ name: "old" }] }).arn });
  }
}
const feed = new Feed("feed");
const user = new aws.iam.User("u", { path: "/d/", tags: { password: config.requireSecret("password") } });
const key = new aws.iam.AccessKey("k", { user: user.name }, { dependsOn: feed });
const code = new pulumi.asset.AssetArchive({
  "index.mjs": new pulumi.asset.FileAsset("code.mjs"),
  "data/zone.json": new pulumi.asset.StringAsset(pulumi.jsonStringify({ zone: zone.zoneId, names })),
});
new aws.lambda.Function("f", { name: "f", role: "arn:aws:iam::000000000000:role/r", code });
pulumi.log.warn("look here");
export const zoneId = zone.zoneId;
export const keyId = key.id;
export const secret = pulumi.interpolate\`\${key.id} \${key.secret}\`;
`;

const ZONES = { "example.com": "Z1" };
const CONFIG = { zone: "example.com", names: ["a", "b"], password: { secret: "hunter2" } };

/** The only resource with a name in the program. */
function named({ resources }: ProgramResult, name: string) {
  const [found, ...others] = resources.filter((resource) => resource.name === name);
  if (!found || others.length > 0) throw new Error(`expected one resource ${name}`);
  return found;
}

describe("a Pulumi program", (test) => {
  let program: ProgramFixture;
  let up: ProgramResult;
  let preview: ProgramResult;
  const run = (options: Partial<ProgramOptions> = {}) =>
    runProgram({ config: CONFIG, zones: ZONES, projectFolder: program.folder, ...options });
  test.before(async () => {
    program = await createProgram(SOURCE);
    await writeFile(join(program.folder, "program", "code.mjs"), "// the code\n");
    up = await run();
    preview = await run({ isPreview: true });
  });
  test.after(() => program.remove());

  test("ends well, and says what it has to say", () => {
    assert.equal([up.exitCode, up.printed, up.log], [0, "", [{ severity: "warning", message: "look here" }]]);
    assert.is(preview.exitCode, 0);
  });

  test("registers each resource under its parent, with its URN, protection and aliases", () => {
    const stack = "urn:pulumi:local::tiny::pulumi:pulumi:Stack::tiny-local";
    const feed = named(up, "feed");
    assert.equal(
      [feed.urn, feed.parent, feed.isCustom],
      ["urn:pulumi:local::tiny::tiny:index:Feed::feed", stack, false],
    );
    const stream = named(up, "events");
    assert.is(stream.urn, "urn:pulumi:local::tiny::tiny:index:Feed$aws:kinesis/stream:Stream::events");
    assert.is(stream.parent, feed.urn);
    assert.equal([stream.isProtected, named(up, "u").isProtected], [true, false]);
    assert.ok(stream.aliases.includes(stream.urn.replace("::events", "::old")), stream.aliases.join());
    assert.equal(stream.inputs, { name: "s", shardCount: 2 });
    assert.equal(feed.outputs, { arn: "arn:aws:kinesis:eu-west-1:000000000000:stream/s" });
  });

  test("gives a resource what AWS would, and the same on every run", async () => {
    const user = named(up, "u");
    assert.match(user.id, /^u-[0-9a-f]{7}$/);
    assert.is(user.outputs.arn, `arn:aws:iam::000000000000:user/d/${user.id}`);
    const key = named(up, "k");
    assert.match(key.id, /^AKIA[A-Z2-7]{16}$/);
    assert.is(key.inputs.user, user.id);
    assert.equal((await run()).resources, up.resources);
  });

  test("knows what must exist before what", () => {
    const dependencies = named(up, "k").dependencies;
    assert.ok(dependencies.includes(named(up, "u").urn));
    assert.ok(dependencies.includes(named(up, "events").urn), "dependsOn of a component: its children");
  });

  test("keeps secrets secret: configuration, outputs of the provider, and what is made of them", () => {
    assert.equal(named(up, "u").secretInputs, ["tags"]);
    assert.equal(named(up, "u").inputs.tags, { password: "hunter2" });
    const key = named(up, "k");
    assert.equal(key.secretOutputs, ["secret", "sesSmtpPasswordV4"]);
    assert.equal(Object.fromEntries(up.outputs), {
      zoneId: { value: "Z1", isSecret: false },
      keyId: { value: key.id, isSecret: false },
      secret: { value: `${key.id} ${key.outputs.secret}`, isSecret: true },
    });
  });

  test("has its archive written to a folder", async () => {
    const folder = join(program.folder, "task");
    await writeArchive(named(up, "f").inputs.code as Archive, { folder, workingFolder: up.workingFolder });
    assert.is(await readFile(join(folder, "index.mjs"), "utf8"), "// the code\n");
    assert.is(await readFile(join(folder, "data/zone.json"), "utf8"), '{"zone":"Z1","names":["a","b"]}');
  });

  test("is previewed without what only the cloud knows", () => {
    const key = named(preview, "k");
    assert.is(key.id, "");
    assert.is(key.inputs.user, named(up, "u").id, "a name that the provider makes is known");
    assert.is(key.outputs.secret, UNKNOWN);
    assert.is(named(preview, "events").outputs.arn, UNKNOWN);
    assert.equal(Object.fromEntries(preview.outputs), {
      zoneId: { value: "Z1", isSecret: false },
      keyId: { value: UNKNOWN, isSecret: false },
      secret: { value: UNKNOWN, isSecret: true },
    });
  });

  test("fails with its own message where its configuration is incomplete", async () => {
    const { exitCode, log } = await run({ config: { zone: "example.com" } });
    assert.is(exitCode, 32);
    assert.match(
      log.map(({ message }) => message).join("\n"),
      /Missing required configuration variable 'tiny:names'/,
    );
  });

  test("fails as the provider does where a zone does not exist", async () => {
    const { exitCode, log } = await run({ zones: {} });
    assert.is.not(exitCode, 0);
    assert.match(log.map(({ message }) => message).join("\n"), /no matching Route 53 Hosted Zone found/);
  });
});

describe("the engine refuses", (test) => {
  const failure = async (source: string) => {
    const program = await createProgram(`import * as aws from "@pulumi/aws";\n${source}`);
    const { exitCode, log } = await runProgram({ config: {}, projectFolder: program.folder });
    await program.remove();
    assert.is.not(exitCode, 0);
    return log.map(({ message }) => message).join("\n");
  };

  test("two resources of one name", async () => {
    const message = await failure('new aws.sqs.Queue("q"); new aws.sqs.Queue("q");');
    assert.match(message, /Duplicate resource URN 'urn:pulumi:local::tiny::aws:sqs\/queue:Queue::q'/);
  });

  test("a kind of resource of which it knows nothing", async () => {
    const message = await failure('new aws.ec2.Vpc("v", { cidrBlock: "10.0.0.0/16" });');
    assert.match(message, /engine-kinds\.ts: expected a row for aws:ec2\/vpc:Vpc, found none/);
  });
});
