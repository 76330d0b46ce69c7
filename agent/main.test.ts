import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-kinesis";
import { assert, describe } from "../scripts/describe.ts";
import { type AgentResult, runAgent as runProcess } from "../scripts/local/agent-process.ts";
import { startEchoServer } from "../scripts/local/echo-server.ts";
import { createKinesisClient } from "../scripts/local/kinesis/client.ts";
import { type LocalKinesis, startKinesis } from "../scripts/local/kinesis/kinesis.ts";
import { DEFAULT_CONFIG_PATH } from "./config/load-settings.ts";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const SECRET = "CANARYsecretCANARYsecretCANARYsecret/+x";
const KEY_ID = "AKIACANARYCANARYKEY1";
const PRIVATE =
  "10.0.0.1 is not public: 10.0.0.0/8 is private use (RFC 1918), it only exists inside a private network, so the Internet cannot reach it";

const folder = mkdtempSync(join(tmpdir(), "agent-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** Writes a configuration file; its path. */
function config(toml: string, mode = 0o600): string {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.toml`);
  writeFileSync(path, toml);
  chmodSync(path, mode);
  return path;
}

/** Runs the agent with a state directory of its own. */
function runAgent(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<AgentResult> {
  const directory = join(folder, Math.random().toString(36).slice(2));
  return runProcess(args, { UPDATE_ROUTE53_STATE_DIRECTORY: directory, ...environment });
}

const empty = config("");
const basics = (more = "") =>
  config(`
domains = ["home.example.com"]
region = "eu-west-1"
access_key_id = "${KEY_ID}"
secret_access_key = "${SECRET}"
${more}`);

/** The agent's exit code and everything it printed, each line with where it went. */
function told({ exitCode, stdout, stderr }: AgentResult): string {
  const lines = (name: string, text: string) =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => `${name} ${line}`);
  return [`exit ${exitCode}`, ...lines("out", stdout), ...lines("err", stderr)].join("\n");
}

const run = async (...args: string[]) => told(await runAgent(args));

describe("the command line", (test) => {
  const cases: [string, string[], string][] = [
    [
      "an unknown command",
      ["updat"],
      'exit 64\nerr update-route53: unknown command "updat", did you mean update?',
    ],
    [
      "a misspelt flag",
      ["--strem", "x"],
      "exit 64\nerr update-route53: unknown flag --strem, did you mean --stream?",
    ],
    [
      "an unknown command like no other",
      ["helpme"],
      'exit 64\nerr update-route53: unknown command "helpme", "update-route53 --help" lists them',
    ],
    [
      "a hook without its interface",
      ["notify"],
      "exit 64\nerr update-route53: INTERFACE: expected the interface that has changed, found none",
    ],
    ["a stray argument", ["update", "1.2.3.4"], 'exit 64\nerr update-route53: unexpected argument "1.2.3.4"'],
    ["a flag without its value", ["--ip"], "exit 64\nerr update-route53: --ip: expected a value, found none"],
    [
      "two addresses of a family",
      ["--domain", "a.example", "--ip", "1.2.3.4", "--ip", "8.8.8.8"],
      "exit 64\nerr update-route53: --ip: expected one ipv4 address, found two",
    ],
    [
      "what is no address",
      ["--domain", "a.example", "--ip", "1.2.3"],
      'exit 65\nerr update-route53: --ip: expected an IPv4 or IPv6 address, got "1.2.3"',
    ],
    [
      "what is no name",
      ["--domain", "localhost", "--ip", "1.2.3.4"],
      'exit 65\nerr update-route53: --domain: expected a full domain name such as home.example.com, got "localhost"',
    ],
    [
      "an address that is not public",
      ["--domain", "a.example", "--ip", "10.0.0.1"],
      `exit 65\nerr error: a.example A refused: ${PRIVATE}`,
    ],
    [
      "no name at all",
      ["--ip", "1.2.3.4"],
      `exit 78\nerr update-route53: domains: expected the names to keep up to date, found none; put domains = ["home.example.com"] at the top of ${empty}`,
    ],
    [
      "a private key id as a flag, which no flag takes",
      ["--access-key-id", "x"],
      "exit 64\nerr update-route53: unknown flag --access-key-id",
    ],
  ];
  for (const [name, args, expected] of cases) {
    test(`refuses ${name}`, async () => assert.is(await run(...args, "--config", empty), expected));
  }

  test("tells programs too why it stopped", async () => {
    const result = await runAgent(["--config", empty, "--domain", "b", "--json"]);
    assert.is(result.exitCode, 65);
    assert.equal(JSON.parse(result.stdout), {
      outcome: "refused",
      reason: '--domain: expected a full domain name such as home.example.com, got "b"',
      exitCode: 65,
    });
  });

  test("shows help and version, with exit code 0", async () => {
    assert.match(
      await run("--help"),
      /^exit 0\nout Dynamic DNS .*\n(.*\n)*out +update +Learn the public address/,
    );
    assert.match(await run("update", "--help"), /out +--check-url=<URL> +echo service/);
    assert.match(await run("--version"), /^exit 0\nout \d+\.\d+\.\d+$/);
  });
});

describe("the configuration", (test) => {
  test("is refused with file, line, key, expectation and finding", async () => {
    const path = config('domains = ["a.example"]\nstream = 1\n');
    assert.is(
      await run("--config", path, "--ip", "1.2.3.4"),
      `exit 78\nerr update-route53: ${path}:2: stream: expected a Kinesis stream name, got 1`,
    );
  });

  test("is refused where two settings of it do not fit, with the place of one", async () => {
    const path = config('\ndomains = ["a.example", "A.example"]\nquorum = 4\n');
    const twice = 'expected each name once, found "a.example." twice for ipv4';
    assert.is(await run("--config", path), `exit 78\nerr update-route53: ${path}:2: domains: ${twice}`);
    const flags = ["--domain", "a.example", "--domain", "a.example"];
    assert.is(await run("--config", path, ...flags), `exit 78\nerr update-route53: --domain: ${twice}`);
    const environment = { UPDATE_ROUTE53_QUORUM: "9" };
    assert.is(
      told(await runAgent(["--config", path, "--domain", "a.example"], environment)),
      "exit 78\nerr update-route53: UPDATE_ROUTE53_QUORUM: expected at most 3, as many as there are check_urls, got 9",
    );
  });

  test("may begin with a byte order mark and end its lines as Windows does, but must be UTF-8", async () => {
    const dryRun = ["--ip", "1.2.3.4", "--dry-run"];
    const windows = config('\ufeffdomains = ["a.example"]\r\nstream = "s"\r\n');
    assert.match(await run("--config", windows, ...dryRun), /^exit 0\nout {"StreamName":"s",/);
    const utf16 = config("");
    writeFileSync(utf16, Buffer.from('\ufeffdomains = ["a.example"]', "utf16le"));
    assert.is(
      await run("--config", utf16, ...dryRun),
      `exit 78\nerr update-route53: ${utf16}: expected a text in UTF-8, got something else`,
    );
  });

  test("must exist where it is named", async () => {
    const missing = join(folder, "missing.toml");
    const expected = `exit 78\nerr update-route53: ${missing}: expected a configuration file, found none`;
    assert.is(await run("--config", missing), expected);
    assert.is(told(await runAgent([], { UPDATE_ROUTE53_CONFIG: missing })), expected);
    assert.is(
      await run("--config", folder),
      `exit 78\nerr update-route53: ${folder}: expected to read the configuration, but it is a directory`,
    );
  });

  const hasDefault = existsSync(DEFAULT_CONFIG_PATH);
  test.unless(
    hasDefault ? `there is a ${DEFAULT_CONFIG_PATH}` : undefined,
    "may be missing, then it says where to make it",
    async () => {
      assert.is(
        await run("status"),
        'exit 78\nerr update-route53: domains: expected the names to keep up to date, found none; put domains = ["home.example.com"] at the top of a new file /etc/update-route53.toml',
      );
    },
  );

  test("says of a directory in the place of a key that it is one, and not that others can read it", async () => {
    const path = config(`domains = ["a.example"]\n[device]\nname = "attic"\nprivate_key_file = "${folder}"`);
    chmodSync(folder, 0o755);
    assert.is(
      await run("--config", path, "--ip", "1.2.3.4", "--dry-run"),
      `exit 78\nerr update-route53: ${folder}: expected to read the private key, but it is a directory`,
    );
  });

  test("says who signs where a key alone is configured", async () => {
    const path = config('domains = ["a.example"]\n[device]\nprivate_key_file = "/x"');
    assert.is(
      await run("--config", path),
      `exit 78\nerr update-route53: device.name: expected a name beside device.private_key_file, found none; put name = "attic" below [device] in ${path}`,
    );
  });

  test("gives way to the environment, and the environment to flags", async () => {
    const path = config('domains = ["file.example"]\nstream = "file"\npartition_key = "file"');
    const environment = { UPDATE_ROUTE53_STREAM: "environment", UPDATE_ROUTE53_PARTITION_KEY: "environment" };
    const args = ["--config", path, "--ip", "1.2.3.4", "--dry-run", "--partition-key", "flag"];
    const { stdout } = await runAgent(args, environment);
    const { StreamName, PartitionKey, Data } = JSON.parse(stdout);
    assert.equal([StreamName, PartitionKey], ["environment", "flag"]);
    assert.match(Data, new RegExp(`^{"ip":"1.2.3.4","domain":"file.example","uuid":"${UUID}"}$`));
  });

  test("warns of secrets that others can read", async () => {
    const open = config(`domains = ["a.example"]\naccess_key_id = "a"\nsecret_access_key = "b"`, 0o644);
    const dryRun = ["--ip", "1.2.3.4", "--dry-run", "--config"];
    const { stderr } = await runAgent([...dryRun, open]);
    assert.is(stderr, `warning: ${open}: others can read the secret in it, expected mode 0600\n`);
    assert.is((await runAgent([...dryRun, basics()])).stderr, "");
  });

  test("needs both halves of the credentials, each from one place", async () => {
    const half = config('domains = ["a.example"]\naccess_key_id = "a"');
    assert.is(
      await run("--config", half, "--ip", "1.2.3.4"),
      `exit 78\nerr update-route53: expected both halves of the credentials, found no secret_access_key; put secret_access_key = "..." at the top of ${half}`,
    );
    const twice = basics('secret_access_key_file = "/x"');
    assert.is(
      await run("--config", twice, "--ip", "1.2.3.4"),
      "exit 78\nerr update-route53: expected one of secret_access_key and secret_access_key_file, found both",
    );
  });
});

/** Every record of the stream, oldest first. */
async function readStream(
  kinesis: LocalKinesis,
  name: string,
): Promise<{ partitionKey: string; data: string }[]> {
  const client = createKinesisClient(kinesis);
  const shard = {
    StreamName: name,
    ShardId: "shardId-000000000000",
    ShardIteratorType: "TRIM_HORIZON",
  } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(shard));
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  client.destroy();
  return Records.map(({ PartitionKey = "", Data }) => ({
    partitionKey: PartitionKey,
    data: new TextDecoder().decode(Data),
  }));
}

const onlyCheck = '[ipv4]\nsources = ["check"]\n[ipv6]\nsources = ["check"]';

describe("update", (test) => {
  let kinesis: LocalKinesis;
  const streams = ["one", "two", "three", "four", "five"].map((name) => ({ name, shards: 1 }));
  test.before(async () => {
    kinesis = await startKinesis({ streams, region: "eu-west-1" });
  });
  test.after(() => kinesis.close());
  const agent = (...args: string[]) => runAgent(args, { AWS_ENDPOINT_URL_KINESIS: kinesis.url });

  test("puts the plain record on the stream, and tells where it is", async () => {
    const path = basics('stream = "one"\npartition_key = "shardId-000000000000"');
    const { exitCode, stdout, stderr } = await agent("--config", path, "--ip", "1.2.3.4");
    assert.is(stderr, "");
    assert.is(exitCode, 0);
    const line = new RegExp(
      `^home.example.com A 1.2.3.4 accepted by the stream, uuid (${UUID}), sequence number \\d{56}, shardId-000000000000\n$`,
    );
    assert.match(stdout, line);
    const uuid = line.exec(stdout)?.[1];
    assert.equal(await readStream(kinesis, "one"), [
      {
        partitionKey: "shardId-000000000000",
        data: `{"ip":"1.2.3.4","domain":"home.example.com","uuid":"${uuid}"}`,
      },
    ]);
  });

  test("publishes every name and family, by default with the name as the partition key", async () => {
    const args = ["--stream", "two", "--ip", "2600:0::1", "--ip", "1.2.3.4", "--json"];
    const names = ["--domain", "A.example.com.", "--domain", "*.b.example.com"];
    const { stdout, exitCode } = await agent("--config", basics(), ...args, ...names);
    assert.is(exitCode, 0);
    const outcomes = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const brief = outcomes.map(({ outcome, domain, type, ip }) => [outcome, domain, type, ip].join(" "));
    assert.equal(brief, [
      "published a.example.com A 1.2.3.4",
      "published a.example.com AAAA 2600::1",
      "published *.b.example.com A 1.2.3.4",
      "published *.b.example.com AAAA 2600::1",
    ]);
    const onStream = await readStream(kinesis, "two");
    assert.equal(
      onStream.map(({ partitionKey, data }) => `${partitionKey} ${JSON.parse(data).uuid}`).sort(),
      outcomes.map(({ domain, uuid }) => `${domain} ${uuid}`).sort(),
    );
    assert.is(new Set(outcomes.map(({ uuid }) => uuid)).size, 4);
    for (const { sequenceNumber, shardId } of outcomes) {
      assert.match(`${shardId} ${sequenceNumber}`, /^shardId-000000000000 \d{56}$/);
    }
  });

  test("believes two echo services of three, and refuses when all disagree", async () => {
    const answers = ["1.2.3.4", "8.8.8.8", "1.2.3.4"];
    const servers = await Promise.all(
      answers.map((ip) => startEchoServer((_, response) => void response.end(ip))),
    );
    const urls = servers.flatMap(({ url }) => ["--check-url", url]);
    const [first = "", second = ""] = servers.map(({ url }) => url);
    const path = basics(`stream = "three"\n${onlyCheck}`);
    assert.match(
      told(await agent("--config", path, ...urls)),
      /^exit 0\nout home\.example\.com A 1\.2\.3\.4 accepted/,
    );
    const split = await agent("--config", path, "--check-url", first, "--check-url", second, "--json");
    assert.is(split.exitCode, 69);
    const [a, b] = [new URL(first).host, new URL(second).host];
    const outcome = JSON.parse(split.stdout);
    assert.is(outcome.outcome, "unavailable");
    assert.match(outcome.reason, new RegExp(`^check: expected 2 of 2 to agree \\(.*${a} says 1.2.3.4`));
    assert.match(outcome.reason, new RegExp(`${b} says 8.8.8.8`));
    assert.is((await readStream(kinesis, "three")).length, 1);
    await Promise.all(servers.map((server) => server.close()));
  });

  test("publishes the family it learnt, and leaves the other as it is", async () => {
    const onIpv4 = await startEchoServer((_, response) => void response.end("1.2.3.4"));
    const path = basics(
      `stream = "four"\nfamilies = ["ipv4", "ipv6"]\ncheck_urls = ["${onIpv4.url}"]\n${onlyCheck}`,
    );
    const { exitCode, stdout, stderr } = await agent("--config", path);
    await onIpv4.close();
    assert.is(exitCode, 69);
    assert.match(stdout, /^home\.example\.com A 1\.2\.3\.4 accepted [^\n]*\n$/);
    assert.match(
      stderr,
      /^error: home\.example\.com AAAA left as it is, no ipv6 address learnt: check: .*\n$/,
    );
  });

  test("does not believe a private address of an interface", async () => {
    const fromInterface = '[ipv4]\nsources = ["interface"]';
    assert.match(
      told(await agent("--config", basics(fromInterface), "--interface", "lo")),
      /^exit 69\nerr error: home\.example\.com A left as it is, no ipv4 address learnt: interface lo: 127\.0\.0\.1 is not public: 127\.0\.0\.0\/8 is loopback \(RFC 1122\)/,
    );
    assert.match(
      told(await agent("--config", basics(fromInterface), "--interface", "nosuch0")),
      /^exit 69\nerr .*: interface nosuch0: it is not there, or has no address$/,
    );
  });

  test("reads credentials from files, less the line feed at their end", async () => {
    const secretPath = config(`${SECRET}\n`);
    const idPath = config(`${KEY_ID}\r\n`);
    const path = config(`
domains = ["home.example.com"]
stream = "five"
region = "eu-west-1"
access_key_id_file = "${idPath}"
secret_access_key_file = "${secretPath}"`);
    let authorization = "";
    const server = await startAws((request, response) => {
      authorization = request.headers.authorization ?? "";
      response.end('{"SequenceNumber":"1","ShardId":"shardId-000000000000"}');
    });
    const result = await runAgent(["--config", path, "--ip", "1.2.3.4"], server.environment);
    server.close();
    assert.is(result.exitCode, 0);
    assert.match(authorization, new RegExp(`Credential=${KEY_ID}/`));
    chmodSync(secretPath, 0o640);
    assert.match(
      (await runAgent(["--config", path, "--ip", "1.2.3.4", "--dry-run"])).stderr,
      new RegExp(`^warning: ${secretPath}: others can read the secret in it, expected mode 0600\n$`),
    );
  });

  test("sends nothing in a dry run", async () => {
    const path = basics('stream = "five"');
    const result = await agent("--config", path, "--ip", "1.2.3.4", "--dry-run");
    assert.match(
      told(result),
      new RegExp(
        `^exit 0\nout {"StreamName":"five","Data":"{\\\\"ip\\\\":\\\\"1.2.3.4\\\\",\\\\"domain\\\\":\\\\"home.example.com\\\\",\\\\"uuid\\\\":\\\\"${UUID}\\\\"}","PartitionKey":"home.example.com"}$`,
      ),
    );
    assert.equal(await readStream(kinesis, "five"), []);
  });

  test("says that there is no such stream", async () => {
    assert.match(
      told(await agent("--config", basics('stream = "nosuch"'), "--ip", "1.2.3.4")),
      new RegExp(
        `^exit 78\nerr error: home\\.example\\.com A 1\\.2\\.3\\.4 not published: the account of this key has no stream nosuch in eu-west-1; check stream and region, or the key \\(ResourceNotFoundException: Stream arn arn:aws:kinesis:eu-west-1:000000000000:stream/nosuch not found\\), uuid ${UUID}$`,
      ),
    );
  });
});

/** A stand-in for an AWS that answers as no emulator does. */
async function startAws(listener: RequestListener) {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { environment: { AWS_ENDPOINT_URL_KINESIS: url }, close: () => void server.close() };
}

const awsError =
  (status: number, name: string, message: string): RequestListener =>
  (_, response) =>
    void response
      .writeHead(status, { "content-type": "application/x-amz-json-1.1" })
      .end(JSON.stringify({ __type: name, message }));

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const DENIED =
  "User: arn:aws:iam::123456789012:user/update-route53-attic is not authorized to perform: kinesis:PutRecord on resource: arn:aws:kinesis:eu-west-1:123456789012:stream/update-route53 because no identity-based policy allows the kinesis:PutRecord action";

describe("update, refused by AWS,", (test) => {
  const cases: [string, RequestListener, number, RegExp][] = [
    [
      "says that the credentials are not known",
      awsError(400, "UnrecognizedClientException", "The security token included in the request is invalid."),
      77,
      /^error: home\.example\.com A 1\.2\.3\.4 not published: AWS does not take this access key in eu-west-1; check the access key id and the region \(UnrecognizedClientException: The security token included in the request is invalid\.\), uuid /,
    ],
    [
      "says that the key may not put on this stream, and all that IAM says of it",
      awsError(400, "AccessDeniedException", DENIED),
      77,
      new RegExp(
        `^error: home\\.example\\.com A 1\\.2\\.3\\.4 not published: this key may not put records on stream update-route53 in eu-west-1; check stream and region, or the key and its policy \\(AccessDeniedException: ${DENIED}\\), uuid ${UUID}\n$`,
      ),
    ],
    [
      "may be tried again after a server error",
      awsError(500, "InternalFailure", "oops"),
      75,
      /A 1\.2\.3\.4 could not be confirmed as published: .*cannot be reached just now/,
    ],
    [
      "may be tried again after throttling",
      awsError(400, "ProvisionedThroughputExceededException", "slow down"),
      75,
      /A 1\.2\.3\.4 not published: the stream takes no more just now/,
    ],
  ];
  for (const [name, listener, exitCode, message] of cases) {
    test(name, async () => {
      const server = await startAws(listener);
      const result = await runAgent(
        ["--config", basics(), "--ip", "1.2.3.4", "--deadline", "1"],
        server.environment,
      );
      server.close();
      assert.is(result.exitCode, exitCode);
      assert.is(result.stdout, "");
      assert.match(result.stderr, message);
      assert.not.match(result.stderr, /\n[^\n]+\n/);
    });
  }

  test("may be tried again where nobody answers", async () => {
    const server = await startAws(() => {});
    server.close();
    const result = await runAgent(
      ["--config", basics(), "--ip", "1.2.3.4", "--deadline", "1"],
      server.environment,
    );
    assert.is(result.exitCode, 75);
    assert.match(
      result.stderr,
      /A 1\.2\.3\.4 not published: .*cannot be reached just now \([^)]*ECONNREFUSED/,
    );
  });

  test("needs credentials and a region from somewhere", async () => {
    const noCredentials = config('domains = ["a.example"]\nregion = "eu-west-1"');
    assert.match(
      await run("--config", noCredentials, "--ip", "1.2.3.4"),
      new RegExp(
        `^exit 78\nerr error: a\\.example A 1\\.2\\.3\\.4 not published: found no AWS credentials; put access_key_id = "AKIA\\.\\.\\." and secret_access_key = "\\.\\.\\." at the top of ${noCredentials} \\(CredentialsProviderError: Could not load credentials from any providers\\), uuid ${UUID}$`,
      ),
    );
    const noRegion = config('domains = ["a.example"]\naccess_key_id = "a"\nsecret_access_key = "b"');
    assert.is(
      await run("--config", noRegion, "--ip", "1.2.3.4"),
      `exit 78\nerr update-route53: region: expected the AWS region of the stream, found none; put region = "eu-west-1" at the top of ${noRegion}`,
    );
  });
});

describe("a secret", (test) => {
  const echoes: [string, RequestListener][] = [
    ["UnrecognizedClientException", awsError(400, "UnrecognizedClientException", "no")],
    ["a body that is no JSON", (_, response) => void response.writeHead(400).end("<html>")],
    ["a reset", (request) => void request.socket.destroy()],
    [
      "success",
      (_, response) => void response.end('{"SequenceNumber":"1","ShardId":"shardId-000000000000"}'),
    ],
  ];
  for (const [name, listener] of echoes) {
    test(`is in no output, whatever is asked for: ${name}`, async () => {
      const server = await startAws(listener);
      for (const flags of [
        [],
        ["--json"],
        ["--verbose"],
        ["--verbose", "--dry-run"],
        ["--verbose", "--json"],
      ]) {
        const { stdout, stderr } = await runAgent(
          ["--config", basics(), "--ip", "1.2.3.4", "--deadline", "1", ...flags],
          server.environment,
        );
        assert.ok(stdout + stderr !== "");
        assert.not.match(stdout + stderr, /CANARY/);
      }
      server.close();
    });
  }

  test("is in no message about a broken configuration", async () => {
    const broken = [
      `secret_access_key = "${SECRET}`,
      `secret_access_key = ["${SECRET}"]`,
      `secret_access_key = "${SECRET} ${SECRET}"`,
    ];
    for (const line of broken) {
      const result = await run("--verbose", "--config", config(`domains = ["a.example"]\n${line}\n`));
      assert.match(result, /^exit 78\nerr .*:2: /);
      assert.not.match(result, /CANARY/);
    }
    const path = config(
      `domains = ["a.example"]\naccess_key_id = "a"\nsecret_access_key_file = "${config(`${SECRET} x`)}"`,
    );
    assert.not.match(await run("--config", path), /CANARY/);
  });
});
