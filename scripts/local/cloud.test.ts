// From the program to the packet: what `pulumi up` would make is what runs, and its policies decide.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { type Change, ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { assert, describe } from "../describe.ts";
import { runAgent } from "./agent-process.ts";
import { type LocalCloud, startCloud } from "./cloud.ts";
import { deploy } from "./deployment.ts";
import { queryDns } from "./dns/query.ts";
import { type ProgramResult, runProgram } from "./engine/engine.ts";

const ZONES = { "example.com": "Z0EXAMPLECOM", "example.net": "Z0EXAMPLENET" };
const STREAM = "arn:aws:kinesis:eu-west-1:000000000000:stream";

describe("the cloud that the Pulumi program describes", (test) => {
  let folder: string;
  let program: ProgramResult;
  let cloud: LocalCloud;
  const keyFile = () => join(folder, "attic.key");

  test.before(async () => {
    folder = await mkdtemp(join(tmpdir(), "update-route53-test-"));
    const keygen = await runAgent(["keygen", "--out", keyFile(), "--json"]);
    const { publicKey } = JSON.parse(keygen.stdout);
    const devices = [
      { name: "attic", domains: ["attic.example.com"], publicKeys: [publicKey] },
      { name: "barn", domains: ["barn.example.com"] },
    ];
    ({ program, cloud } = await deploy({ zones: ZONES, devices }));
    for (const name of ["attic", "barn"])
      await writeFile(configOf(name), outputText(`config:${name}`), { mode: 0o600 });
  });
  test.after(async () => {
    await cloud?.close();
    await rm(folder, { recursive: true });
  });

  const configOf = (device: string) => join(folder, `${device}.toml`);
  function outputText(name: string): string {
    const output = program.outputs.get(name);
    assert.is(output?.isSecret, true, `${name} is a secret: ${program.log.map(({ message }) => message)}`);
    return String(output?.value);
  }

  /** Runs a device's agent on the file that the stack put out. */
  const publish = (device: string, ip: string, { args = [], environment = {} }: Extra = {}) =>
    runAgent(["update", "--config", configOf(device), "--ip", ip, ...args], {
      AWS_ENDPOINT_URL_KINESIS: cloud.kinesis.url,
      UPDATE_ROUTE53_STATE_DIRECTORY: join(folder, `state-${device}`),
      UPDATE_ROUTE53_NAME_SERVERS: `${cloud.nameServer.host}:${cloud.nameServer.port}`,
      ...environment,
    });
  interface Extra {
    readonly args?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  }

  const answer = async (name: string) => {
    const { host, port } = cloud.nameServer;
    return (await queryDns({ host, port, name, type: "A" })).values.join();
  };
  const hasLogged = (reason: string) =>
    cloud.function.logLines.some((line) => line.includes(`"reason":"${reason}"`));

  test("moves the names of two devices, one of which signs", async () => {
    const signing = { UPDATE_ROUTE53_DEVICE_PRIVATE_KEY_FILE: keyFile() };
    const attic = await publish("attic", "1.2.3.4", { args: ["--wait"], environment: signing });
    assert.is(attic.exitCode, 0, attic.stderr);
    const barn = await publish("barn", "8.8.4.4", { args: ["--wait"] });
    assert.is(barn.exitCode, 0, barn.stderr);
    assert.equal(
      [await answer("attic.example.com"), await answer("barn.example.com")],
      ["1.2.3.4", "8.8.4.4"],
    );
  });

  test("moves nothing for a thief with the stream credentials of one device", async () => {
    const args = ["--domain", "attic.example.com", "--force"];
    assert.is((await publish("barn", "8.8.8.8", { args })).exitCode, 0);
    await cloud.mapping.idle();
    assert.ok(hasLogged("name-not-allowed"), cloud.function.logLines.join("\n"));
    const asAttic = { UPDATE_ROUTE53_DEVICE_NAME: "attic" };
    assert.is((await publish("barn", "8.8.8.8", { args, environment: asAttic })).exitCode, 0);
    await cloud.mapping.idle();
    assert.ok(hasLogged("signature-missing"), cloud.function.logLines.join("\n"));
    assert.is(await answer("attic.example.com"), "1.2.3.4");
  });

  test("refuses a device any other stream, as AWS does", async () => {
    const { exitCode, stderr } = await publish("barn", "9.9.9.9", { args: ["--stream", "other", "--force"] });
    assert.is(exitCode, 77);
    assert.match(stderr, /AccessDeniedException/);
    assert.match(stderr, /not authorized to perform: kinesis:PutRecord on resource: arn:aws:kinesis/);
  });

  /** Makes a call with the keys of a device, or those that the function has. */
  async function refusalOf(who: "barn" | "function", call: Call): Promise<string> {
    const [, barnKey = ""] = /access_key_id = "(.*)"/.exec(outputText("config:barn")) ?? [];
    const credentials = { accessKeyId: who === "barn" ? barnKey : "local", secretAccessKey: "x" };
    const clients = {
      kinesis: new KinesisClient({
        ...clientOptions(cloud.kinesis.url),
        credentials,
        requestHandler: new NodeHttpHandler(),
      }),
      route53: new Route53Client({ ...clientOptions(cloud.route53.url), credentials }),
    };
    const outcome = await call(clients).then(
      () => "allowed",
      (error: Error) => `${error.name}: ${error.message}`,
    );
    clients.kinesis.destroy();
    clients.route53.destroy();
    return outcome;
  }
  type Call = (clients: { kinesis: KinesisClient; route53: Route53Client }) => Promise<unknown>;
  const clientOptions = (endpoint: string) => ({ endpoint, region: "eu-west-1", maxAttempts: 1 });

  const Data = Buffer.from("{}");
  const put =
    (StreamARN: string): Call =>
    ({ kinesis }) =>
      kinesis.send(new PutRecordCommand({ StreamARN, Data, PartitionKey: "p" }));
  const change =
    (changes: Change[], HostedZoneId: string = ZONES["example.com"]): Call =>
    ({ route53 }) =>
      route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes: changes } }));
  const upsert = (
    Name: string,
    Type: "A" | "AAAA" | "TXT" | "NS" | "CNAME" = "A",
    value = "4.3.2.1",
  ): Change => ({
    Action: "UPSERT",
    ResourceRecordSet: { Name, Type, TTL: 60, ResourceRecords: [{ Value: value }] },
  });
  const remove = (Name: string, value: string): Change => ({ ...upsert(Name, "A", value), Action: "DELETE" });

  test("lets a device put one update on its stream, and nothing else", async () => {
    const stream = `${STREAM}/update-route53`;
    assert.is(await refusalOf("barn", put(stream)), "allowed");
    const user = program.resources.find(({ type, name }) => type === "aws:iam/user:User" && name === "barn");
    assert.is(
      await refusalOf("barn", put(`${STREAM}/other`)),
      `AccessDeniedException: User: ${user?.outputs.arn} is not authorized to perform: kinesis:PutRecord on resource: ${STREAM}/other because no identity-based policy allows the kinesis:PutRecord action`,
    );
    const foreign = stream.replace("000000000000", "123456789012");
    const others: readonly [action: string, call: Call][] = [
      ["kinesis:PutRecord", put(foreign)],
      [
        "kinesis:PutRecords",
        ({ kinesis }) =>
          kinesis.send(new PutRecordsCommand({ StreamARN: stream, Records: [{ Data, PartitionKey: "p" }] })),
      ],
      ["kinesis:ListStreams", ({ kinesis }) => kinesis.send(new ListStreamsCommand())],
      ["route53:ChangeResourceRecordSets", change([upsert("barn.example.com")])],
    ];
    for (const [action, call] of others) {
      assert.match(
        await refusalOf("barn", call),
        new RegExp(`^AccessDenied.*not authorized to perform: ${action} `),
      );
    }
    assert.match(
      await refusalOf("function", put(stream)),
      /^UnrecognizedClientException: The security token/,
    );
  });

  const missing: readonly (readonly [what: string, right: string, resource: string])[] = [
    ["read the stream", "kinesis:GetRecords", "arn:aws:kinesis:.*:stream\\/update-route53"],
    ["send to the queue", "sqs:SendMessage", "arn:aws:sqs:.*:update-route53-failures"],
  ];
  for (const [what, right, resource] of missing) {
    test(`is not created where the function's role cannot ${what}`, async () => {
      const resources = program.resources.map(({ inputs, ...others }) => {
        if (others.type !== "aws:iam/rolePolicy:RolePolicy") return { inputs, ...others };
        const policy = String(inputs.policy).replace(right, `${right.split(":")[0]}:ListTags`);
        return { inputs: { ...inputs, policy }, ...others };
      });
      await assert.rejects(
        startCloud({ program: { ...program, resources }, zones: ZONES }),
        new RegExp(`is not authorized to perform: ${right} on resource: ${resource} because`),
      );
    });
  }

  test("lets the function set the addresses of the devices' names, however they are written", async () => {
    for (const name of ["barn.example.com", "BARN.example.com.", "\\142arn.example.com"]) {
      assert.is(await refusalOf("function", change([upsert(name)])), "allowed", name);
    }
    assert.is(
      await refusalOf("function", change([upsert("barn.example.com", "AAAA", "2600::1")])),
      "allowed",
    );
  });

  test("denies the function all other changes", async () => {
    const denied: readonly (readonly [what: string, Call])[] = [
      ["deleting", change([remove("barn.example.com", "4.3.2.1")])],
      ["a text", change([upsert("barn.example.com", "TXT", '"x"')])],
      ["name servers", change([upsert("barn.example.com", "NS", "ns.example.org")])],
      ["an alias", change([upsert("barn.example.com", "CNAME", "example.org")])],
      ["another name", change([upsert("www.example.com")])],
      ["another name, escaped", change([upsert("\\167ww.example.com")])],
      ["the zone's wildcard", change([upsert("*.example.com")])],
      ["the apex", change([upsert("example.com")])],
      ["another zone", change([upsert("barn.example.net")], ZONES["example.net"])],
      ["one bad change of two", change([upsert("barn.example.com"), upsert("www.example.com")])],
      ["no change at all", change([])],
    ];
    for (const [what, call] of denied) {
      assert.match(
        await refusalOf("function", call),
        /^AccessDenied: User: arn:aws:sts::000000000000:assumed-role\/.*\/update-route53 is not authorized to perform: route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone\/Z0/,
        what,
      );
    }
  });
});

describe("a cloud is not started", (test) => {
  test("where the program failed, and says why", async () => {
    const devices = [{ name: "attic", domains: ["attic.example.com"] }];
    const program = await runProgram({ config: { zones: ["example.com"], devices, devcies: [] } });
    assert.is(program.exitCode, 32);
    const starting = startCloud({ program, zones: ZONES });
    await assert.rejects(starting, /^Pulumi\.local\.yaml: devcies: unknown key$/);
  });
});
