import { generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-kinesis";
import { formatPublicKey } from "../../lambda/contract/signature.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { startAgent } from "../../scripts/fixtures/agent-daemon.ts";
import { createAuthority } from "../../scripts/fixtures/certificates.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";
import { startDnsServer } from "../../scripts/local/dns/server.ts";
import { startEchoServer } from "../../scripts/local/echo-server.ts";
import { createKinesisClient } from "../../scripts/local/kinesis/client.ts";
import { startKinesis } from "../../scripts/local/kinesis/kinesis.ts";
import { startPlayground } from "../../scripts/local/playground.ts";
import { createStore } from "../../scripts/local/route53/store.ts";
import type { Diagnosis } from "../doctor/diagnosis.ts";
import { acquireInstance } from "../lock/instance.ts";

const folder = mkdtempSync(join(tmpdir(), "doctor-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** The echo service and the name server of every scene. */
const echo = await startEchoServer((_, response) => void response.end("1.2.3.4"));
const nameServer = await startDnsServer({ store: createStore([{ name: "example.com", id: "Z1" }]) });

interface Scene {
  readonly endpoint?: string;
  readonly toml?: string;
  readonly configMode?: number;
  readonly flags?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
}

const newDirectory = () => mkdtempSync(join(folder, "device-"));

async function runDoctor({ endpoint, toml = "", flags = [], environment, ...scene }: Scene) {
  const directory = scene.directory ?? newDirectory();
  const config = join(directory, "config.toml");
  const basics = `domains = ["home.example.com"]
region = "eu-west-1"
access_key_id = "AKIACANARYCANARYKEY1"
secret_access_key = "CANARYsecretCANARYsecretCANARYsecret/+x"
check_urls = ["${echo.url}"]
name_servers = ["127.0.0.1:${nameServer.port}"]
state_directory = "${join(directory, "state")}"
[ipv4]
sources = ["check"]
`;
  writeFileSync(config, toml.startsWith("ONLY") ? toml.slice(4) : toml + basics);
  chmodSync(config, scene.configMode ?? 0o600);
  return runAgent(["doctor", "--config", config, ...flags], {
    AWS_ENDPOINT_URL_KINESIS: endpoint ?? "http://127.0.0.1:9",
    ...environment,
  });
}

/** The lines of the report, by check. */
async function diagnose(scene: Scene) {
  const { exitCode, stdout, stderr } = await runDoctor({
    ...scene,
    flags: ["--json", ...(scene.flags ?? [])],
  });
  assert.is(stderr, "");
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Diagnosis);
  const told = (check: string) => {
    const { status, found } = lines.find((line) => line.check === check) ?? {};
    return `${status}: ${found}`;
  };
  return { exitCode, lines, told };
}

/** Runs with a server on a free port of the loopback, and closes it whatever happens. */
async function withServer<T>(
  server: Server | ReturnType<typeof createTcpServer>,
  run: (port: number) => Promise<T>,
) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await run((server.address() as AddressInfo).port);
  } finally {
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Answers every operation of Kinesis with an error of the given name, by the operation. */
const kinesisThatSays =
  (
    names: (operation: string, dryRun: boolean) => string,
    headers: Record<string, string> = {},
  ): RequestListener =>
  async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const isProbe = !request.headers.authorization;
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const type = isProbe
      ? "MissingAuthenticationTokenException"
      : names(operation, body.includes('"DryRun":true'));
    response.writeHead(400, {
      "x-amzn-requestid": "1",
      "content-type": "application/x-amz-json-1.1",
      ...headers,
    });
    response.end(JSON.stringify({ __type: type, message: "as told" }));
  };

const served = (listener: RequestListener, scene: Scene = {}) =>
  withServer(createServer(listener), (port) => diagnose({ ...scene, endpoint: `http://127.0.0.1:${port}` }));

const LONG_OFF = "Fri, 01 Jan 2027 00:00:00 GMT";
const couldNot = "could not confirm that the credentials may put records on it";

describe("doctor, of the stream,", (test) => {
  test("confirms the right to publish by dry runs alone", async () => {
    const asked: string[] = [];
    const { told } = await served(
      kinesisThatSays((operation, dryRun) => {
        asked.push(`${operation} ${dryRun}`);
        return "DryRunOperationException";
      }),
    );
    assert.is(
      told("right to publish"),
      "ok: stream update-route53: the credentials may put records on it, and none was written (DryRun)",
    );
    assert.equal(asked, ["GetShardIterator true", "PutRecord true"]);
    assert.match(told("clock"), /^ok: /);
    assert.match(told("endpoint"), /^ok: http:\/\/127\.0\.0\.1:\d+: answers, without TLS, on this machine$/);
  });

  test("writes nothing to a stream that does not know dry runs, and says so", async () => {
    const kinesis = await startKinesis({
      streams: [{ name: "update-route53", shards: 1 }],
      region: "eu-west-1",
    });
    const client = createKinesisClient(kinesis);
    try {
      const { told } = await diagnose({ endpoint: kinesis.url });
      assert.is(
        told("right to publish"),
        `unknown: stream update-route53: ${couldNot}: this service does not know DryRun`,
      );
      const shard = { StreamName: "update-route53", ShardId: "shardId-000000000000" };
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ ...shard, ShardIteratorType: "TRIM_HORIZON" }),
      );
      assert.equal((await client.send(new GetRecordsCommand({ ShardIterator }))).Records, []);
      const missing = await diagnose({ endpoint: kinesis.url, flags: ["--stream", "other"] });
      assert.is(
        missing.told("right to publish"),
        "problem: the account of this key has no stream other in eu-west-1 (ResourceNotFoundException: Stream arn arn:aws:kinesis:eu-west-1:000000000000:stream/other not found)",
      );
      assert.is(missing.exitCode, 78);
    } finally {
      client.destroy();
      await kinesis.close();
    }
  });

  test("does not take a denied reading for a denied writing", async () => {
    const { told } = await served(kinesisThatSays(() => "AccessDeniedException"));
    const why = "whether this service knows DryRun is not known";
    assert.is(told("right to publish"), `unknown: stream update-route53: ${couldNot}: ${why}`);
  });

  test("ends with 77 where the writing is denied, and where the credentials are no good", async () => {
    const denied = await served(
      kinesisThatSays((operation) =>
        operation === "PutRecord" ? "AccessDeniedException" : "DryRunOperationException",
      ),
    );
    const unrecognized = await served(kinesisThatSays(() => "UnrecognizedClientException"));
    for (const [{ lines, exitCode }, found, fix] of [
      [
        denied,
        "this key may not put records on stream update-route53 in eu-west-1 (AccessDeniedException: as told)",
        "check stream and region, or the key and its policy",
      ],
      [
        unrecognized,
        "AWS does not take this access key in eu-west-1 (UnrecognizedClientException: as told)",
        "check the access key id and the region",
      ],
    ] as const) {
      assert.is(exitCode, 77);
      const told = lines.find(({ check }) => check === "right to publish");
      assert.equal([told?.status, told?.found, told?.fix], ["problem", found, fix]);
    }
  });

  test("compares the clock with the endpoint's", async () => {
    const { told, exitCode } = await served(
      kinesisThatSays(() => "DryRunOperationException", { date: LONG_OFF }),
    );
    assert.match(told("clock"), /^problem: .*, \d{5,} seconds (ahead of|behind) the endpoint's$/);
    assert.is(exitCode, 75);
  });

  test("knows the login page of a network", async () => {
    const { told } = await served((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>");
    });
    assert.match(told("endpoint"), /^problem: .*: a web page comes from something that is not AWS/);
  });

  test("knows a closed port", async () => {
    const { told, exitCode } = await diagnose({ endpoint: "http://127.0.0.1:9" });
    assert.is(told("endpoint"), "problem: http://127.0.0.1:9: the connection is refused (ECONNREFUSED)");
    assert.match(told("right to publish"), /^problem: .*the stream cannot be reached just now/);
    assert.match(told("clock"), /^unknown: .*the endpoint gave no Date$/);
    assert.is(exitCode, 75);
  });

  test("knows who shows a certificate of its own, and its clock all the same", async () => {
    const path = fileURLToPath(import.meta.resolve("kinesis-local/main.js")).replace(
      "main.js",
      "server.json",
    );
    const { key, cert } = JSON.parse(readFileSync(path, "utf8")).server;
    const server = createTlsServer(
      { key, cert },
      kinesisThatSays(() => "DryRunOperationException"),
    );
    const { told } = await withServer(server, (port) => diagnose({ endpoint: `https://127.0.0.1:${port}` }));
    assert.match(
      told("endpoint"),
      /^problem: .*: something in between shows a certificate of its own, issued by "Unknown" \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
    );
    assert.match(told("clock"), /^ok: /);
    assert.match(told("right to publish"), /^problem: /);
  });

  test("tells what it knows while it waits for the rest", async () => {
    const echo = Promise.withResolvers<ServerResponse>();
    const server = createServer((_, response) => void echo.resolve(response));
    await withServer(server, async (port) => {
      const config = join(newDirectory(), "config.toml");
      const toml = `domains = ["home.example.com"]\ncheck_urls = ["http://127.0.0.1:${port}"]\n`;
      writeFileSync(config, `${toml}[ipv4]\nsources = ["check"]\n`, { mode: 0o600 });
      const doctor = startAgent(["doctor", "--config", config], {
        AWS_ENDPOINT_URL_KINESIS: "http://127.0.0.1:9",
      });
      await doctor.line(/^out ok {7}configuration: /);
      assert.not.ok(doctor.lines.some((line) => line.includes("detection ipv4:")));
      (await echo.promise).end("1.2.3.4");
      await doctor.line(/^out ok {7}detection ipv4: 1\.2\.3\.4 is the address/);
      await doctor.exit;
    });
  });

  test("ends in time where nobody answers, with all that the rest found", async () => {
    const startedAt = performance.now();
    const { lines, told, exitCode } = await withServer(
      createTcpServer((socket) => void socket.resume().on("error", () => {})),
      (port) => diagnose({ endpoint: `http://127.0.0.1:${port}`, flags: ["--deadline", "2"] }),
    );
    assert.ok(performance.now() - startedAt < 15_000);
    assert.match(told("endpoint"), /: no answer in time \(ETIMEDOUT\)$/);
    assert.match(told("detection ipv4"), /^ok: 1\.2\.3\.4 is the address; 127\.0\.0\.1:\d+: 1\.2\.3\.4$/);
    assert.ok(lines.some(({ check }) => check === "right to publish"));
    assert.is(exitCode, 75);
  });
});

describe("doctor, in the local cloud,", (test) => {
  test("ends with 0 where all is well, and publishes nothing", async () => {
    const batches: unknown[] = [];
    const playground = await startPlayground({
      domain: "home.example.com",
      zone: "example.com",
      publicAddress: () => "1.2.3.4",
      onBatch: (batch) => void batches.push(batch),
    });
    try {
      const { device, cloud } = playground;
      const flags = ["--config", device.configPath, "--name-server", `127.0.0.1:${cloud.nameServer.port}`];
      assert.is((await runAgent(["update", "--wait", ...flags], device.environment)).exitCode, 0);
      const { exitCode, stdout } = await runAgent(["doctor", "--json", ...flags], device.environment);
      const lines = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Diagnosis);
      assert.is(exitCode, 0);
      // What NAT and hooks there are depends on the machine.
      const unwell = lines.filter(
        ({ check, status }) => status !== "ok" && !["NAT ipv4", "hooks"].includes(check),
      );
      assert.equal(
        unwell.map(({ check, status }) => `${check}: ${status}`),
        ["right to publish: unknown"],
      );
      assert.is(batches.length, 1, "the update, and nothing of the doctor");
    } finally {
      await playground.close();
    }
  });
});

describe("doctor, of the device,", (test) => {
  test("goes on where the configuration is broken, and says where", async () => {
    const { told, exitCode, lines } = await diagnose({
      toml: 'ONLYregion = "eu-west-1"\nstream = 1\n',
      flags: ["--check-url", echo.url],
    });
    assert.match(told("configuration"), /config\.toml:2: stream: expected a Kinesis stream name, got 1$/);
    assert.is(told("device key"), "unknown: could not confirm: the configuration cannot be read");
    assert.match(told("right to publish"), /^unknown: .*the configuration cannot be read$/);
    assert.is(exitCode, 78);
    assert.ok(lines.length >= 10, "every check says something");
  });

  test("prints the public key, and warns of secrets that others can read", async () => {
    const directory = newDirectory();
    const keyPath = join(directory, "device.key");
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    writeFileSync(keyPath, privateKey.export({ format: "pem", type: "pkcs8" }));
    chmodSync(keyPath, 0o644);
    const environment = {
      UPDATE_ROUTE53_DEVICE_NAME: "attic",
      UPDATE_ROUTE53_DEVICE_PRIVATE_KEY_FILE: keyPath,
    };
    const { told } = await diagnose({ directory, environment, configMode: 0o644 });
    assert.is(
      told("device key"),
      `ok: device attic signs; the policy must hold publicKeys: ["${formatPublicKey(publicKey)}"]`,
    );
    const config = join(directory, "config.toml");
    assert.is(
      told("permissions"),
      `warning: other users of this machine can read the secret in ${config} and ${keyPath}`,
    );
  });

  test("warns of certificate authorities that others can write", async () => {
    const path = join(newDirectory(), "ca.pem");
    writeFileSync(path, createAuthority("Our CA").cert);
    const look = async (mode: number) => {
      chmodSync(path, mode);
      const { lines } = await diagnose({ environment: { UPDATE_ROUTE53_CA_FILE: path } });
      return lines.filter(({ check }) => check === "certificate authorities");
    };
    const check = "certificate authorities";
    const believed = { check, status: "ok", found: `${path}: believed besides Node's own: "Our CA"` };
    const found = `${path}: other users of this machine can write what is believed there`;
    const exposed = { check, status: "warning", found, fix: `chmod go-w ${path}` };
    assert.equal(await look(0o644), [believed]);
    assert.equal(await look(0o664), [believed, exposed]);
    assert.equal(await look(0o602), [believed, exposed]);
  });

  test("says what is pending, and leaves the state directory as it was", async () => {
    const directory = newDirectory();
    const state = join(directory, "state");
    mkdirSync(state);
    const pending = { "home.example.com ipv4": { ip: "1.2.3.4", sinceMs: 0 } };
    const text = JSON.stringify({
      version: 1,
      destination: "update-route53@eu-west-1",
      published: {},
      pending,
    });
    writeFileSync(join(state, "state.json"), text);
    const { told } = await diagnose({ directory });
    assert.is(told("pending"), "warning: not published yet: home.example.com A since 1970-01-01T00:00:00Z");
    assert.match(told("state directory"), /^ok: .*: writable, /);
    assert.equal(readdirSync(state), ["state.json"]);
    assert.is(readFileSync(join(state, "state.json"), "utf8"), text);
    writeFileSync(join(state, "state.json"), "{");
    const corrupt = await diagnose({ directory });
    assert.match(corrupt.told("state directory"), /what was published before is not known, it is not JSON$/);
  });

  test("sees another instance without disturbing it, and makes no directory", async () => {
    const directory = newDirectory();
    await diagnose({ directory });
    assert.is(existsSync(join(directory, "state")), false);
    const acquired = await acquireInstance(join(directory, "state"), []);
    if (acquired.state !== "acquired") throw new Error("expected to be the only one");
    const { told } = await diagnose({ directory });
    assert.is(
      told("other instance"),
      `ok: an update is at work, process ${process.pid}; hooks hand their events to it`,
    );
    assert.equal(acquired.instance.take(), []);
    acquired.instance.release();
  });
});

const CANARIES = {
  domain: "canary-home.canary-zone.org",
  device: "canarydevice",
  stream: "canarystream",
  path: "canaryfolder",
  interface: "canaryif0",
  keyId: "AKIACANARYCANARYKEY1",
  secret: "CANARYsecretCANARYsecretCANARYsecret/+x",
  account: "210987654321",
  user: "canaryuser",
  partitionKey: "canarypartition",
};
const ANYTHING_OF_OURS = /canary|210987654321|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d/])|[0-9A-Za-z+/]{43}=/i;

/** The report for the public, in both forms, with all that comes with it. */
async function redacted(scene: Scene): Promise<string> {
  const flags = [...(scene.flags ?? []), "--redact", "--verbose"];
  const results = [
    await runDoctor({ ...scene, flags }),
    await runDoctor({ ...scene, flags: [...flags, "--json"] }),
  ];
  return results.map(({ stdout, stderr }) => stdout + stderr).join("");
}

function hidesAll(text: string): void {
  assert.ok(text.length > 200, text);
  const line = text.split("\n").find((one) => ANYTHING_OF_OURS.test(one));
  assert.is(line, undefined);
  assert.is(text.includes(hostname()), false);
}

describe("doctor --redact", (test) => {
  const { domain, device, stream, path, keyId, secret, account, user, partitionKey } = CANARIES;
  const canaryDirectory = () => {
    const directory = join(newDirectory(), path);
    mkdirSync(directory);
    return directory;
  };
  const toml = (more: string) => `ONLYdomains = ["${domain}", "*.${domain}"]
region = "eu-west-1"
stream = "${stream}"
access_key_id = "${keyId}"
secret_access_key = "${secret}"
partition_key = "${partitionKey}"
check_urls = ["${echo.url}", "http://localhost:9/${path}"]
name_servers = ["127.0.0.1:${nameServer.port}"]
${more}`;

  test("hides everything that is configured or answered", async () => {
    const directory = canaryDirectory();
    const keyPath = join(directory, "canary.key");
    const { privateKey } = generateKeyPairSync("ed25519");
    writeFileSync(keyPath, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o644 });
    const caPath = join(directory, "canary.pem");
    writeFileSync(caPath, createAuthority("Canary Trust").cert);
    const more = `state_directory = "${join(directory, "state")}"
ca_file = "${caPath}"
interface = "${CANARIES.interface}"
[device]
name = "${device}"
private_key_file = "${keyPath}"
`;
    const arn = `arn:aws:iam::${account}:user/${user} may not on arn:aws:kinesis:eu-west-1:${account}:stream/${stream}`;
    const denied: RequestListener = (request, response) => {
      response.writeHead(400, { "x-amzn-requestid": "1" });
      const type = String(request.headers["x-amz-target"]).endsWith("PutRecord")
        ? "AccessDeniedException"
        : "DryRunOperationException";
      response.end(JSON.stringify({ __type: type, message: `User ${arn} from ${user}, key ${keyId}` }));
    };
    const text = await withServer(createServer(denied), (port) =>
      redacted({
        directory,
        endpoint: `http://127.0.0.1:${port}`,
        toml: toml(more),
        environment: { USER: user, LOGNAME: user },
        configMode: 0o644,
      }),
    );
    hidesAll(text);
    assert.match(
      text,
      /problem {2}right to publish: this key may not put records on stream <stream-1> in eu-west-1 \(/,
    );
    assert.match(text, /chmod 600 <config file> <device\.private_key_file>/);
    assert.match(
      text,
      /ok {7}certificate authorities: <ca_file>: believed besides Node's own: "<host-\d+>"\n/,
    );
  });

  test("hides what a broken configuration holds, whatever is broken", async () => {
    const environment = { UPDATE_ROUTE53_CHECK_URLS: echo.url };
    const broken = [
      `stream = "${stream} has spaces"`,
      `domains = ["canary"]`,
      `domains = [{ name = "${domain}", canary = 1 }]`,
      `check_urls = ["ftp://canary.org", "x"]`,
      `canary_key = 1`,
      `region = "canary`,
      `[device]\nprivate_key_file = "/${path}/none"`,
      `[device]\nname = "${device}"\nprivate_key_file = "/${path}/none"`,
      `access_key_id_file = "/${path}/none"`,
    ];
    for (const line of broken)
      hidesAll(await redacted({ directory: canaryDirectory(), toml: `ONLY${line}\n`, environment }));
  });

  test("hides what the command line holds, wrong or right", async () => {
    const directory = canaryDirectory();
    const { stderr, exitCode } = await runDoctor({ directory, flags: ["--redact", "--domain", "canary"] });
    assert.is(exitCode, 65);
    assert.not.match(stderr, ANYTHING_OF_OURS);
    const flags = ["--domain", domain, "--stream", stream, "--interface", CANARIES.interface];
    hidesAll(await redacted({ directory, flags }));
  });

  test("still says what is wrong", async () => {
    const text = await redacted({ directory: canaryDirectory() });
    assert.match(
      text,
      /problem {2}endpoint: http:\/\/<ipv4-\d>:9: the connection is refused \(ECONNREFUSED\)/,
    );
    assert.match(text, /ok {7}detection ipv4: <ipv4-\d> is the address; /);
  });

  test.after(async () => {
    await Promise.all([echo.close(), nameServer.close()]);
  });
});
