import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { assert, describe } from "../scripts/describe.ts";
import { killAgents, startAgent } from "../scripts/fixtures/agent-daemon.ts";
import { createAuthority, damage } from "../scripts/fixtures/certificates.ts";
import { runAgent } from "../scripts/local/agent-process.ts";
import type { Diagnosis } from "./doctor/diagnosis.ts";

const folder = mkdtempSync(join(tmpdir(), "authorities-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const [ours, other] = [createAuthority("Our CA"), createAuthority("Another CA")];

/** Stream and echo service in one, with a certificate that no authority of the world has issued. */
const world = { ip: "1.2.3.4", published: [] as string[] };
const server = createServer(ours.issue("localhost"), async (request, response) => {
  if (request.method === "GET") return void response.end(world.ip);
  response.setHeader("x-amzn-requestid", "1");
  const body = JSON.parse(await text(request));
  if (body.Data === undefined) return void response.writeHead(400).end("{}");
  world.published.push(JSON.parse(Buffer.from(body.Data, "base64").toString()).ip);
  response.end('{"SequenceNumber":"1","ShardId":"shardId-000000000000"}');
});

/** Writes a configuration with a state directory of its own; its path. */
function config(more = ""): string {
  const directory = mkdtempSync(join(folder, "device-"));
  const path = join(directory, "c.toml");
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    path,
    `domains = ["home.example.com"]
region = "eu-west-1"
access_key_id = "a"
secret_access_key = "b"
state_directory = "${join(directory, "state")}"
check_urls = ["https://localhost:${port}"]
deadline_seconds = 3
${more}
[ipv4]
sources = ["check"]
`,
    { mode: 0o600 },
  );
  return path;
}

const caFile = (name: string, pem: string) => {
  const path = join(folder, name);
  writeFileSync(path, pem);
  return path;
};

describe("ca_file", (test) => {
  let environment: NodeJS.ProcessEnv;
  test.before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    environment = { AWS_ENDPOINT_URL_KINESIS: `https://localhost:${(server.address() as AddressInfo).port}` };
  });
  test.after(() => {
    killAgents();
    server.closeAllConnections();
    server.close();
  });
  const agent = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    runAgent(args, { ...environment, ...more });
  const trusted = caFile("ours.pem", ours.cert);

  test("makes the echo services and the stream believed, by the file or a variable", async () => {
    const accepted = /^home\.example\.com A 1\.2\.3\.4 accepted by the stream, [^\n]*\n$/;
    const byFile = await agent(["--config", config(`ca_file = "${trusted}"`)]);
    assert.is(byFile.stderr, "");
    assert.match(byFile.stdout, accepted);
    const byVariable = await agent(["--config", config()], { UPDATE_ROUTE53_CA_FILE: trusted });
    assert.match(byVariable.stdout, accepted);
  });

  test("makes every command believe the echo services", async () => {
    const path = config(`ca_file = "${trusted}"`);
    const found = (await agent(["ip", "--config", path])).stdout;
    assert.match(found, /^ipv4: 1\.2\.3\.4$/m);
    assert.match((await agent(["--dry-run", "--config", path])).stdout, /"ip\\":\\"1\.2\.3\.4\\"/);
    const status = await agent(["status", "--json", "--name-server", "127.0.0.1:9", "--config", path]);
    assert.is(JSON.parse(status.stdout).detected, "1.2.3.4");
  });

  test("is what the messages name where it is missing", async () => {
    const { port } = server.address() as AddressInfo;
    const learnt = await agent(["--config", config()]);
    assert.is(learnt.exitCode, 69);
    assert.is(
      learnt.stderr,
      `error: home.example.com A left as it is, no ipv4 address learnt: check: expected 1 of 1 to agree (localhost:${port}: unable to verify the first certificate, see ca_file)\n`,
    );
    const given = await agent(["--config", config(), "--ip", "1.2.3.4"]);
    assert.is(given.exitCode, 75);
    assert.match(
      given.stderr,
      /^error: home\.example\.com A 1\.2\.3\.4 not published: the certificate of the stream's endpoint is not believed; "update-route53 doctor" says why \(unable to verify the first certificate, see ca_file\), uuid [0-9a-f-]{36}\n$/,
    );
  });

  test("is refused at once where it holds none, although nothing is to be done", async () => {
    const path = config(`ca_file = "${trusted}"`);
    const given = ["--config", path, "--ip", "1.2.3.4"];
    await agent(given);
    assert.equal(await agent(given), { exitCode: 0, stdout: "", stderr: "" });
    const key = caFile("key.pem", ours.key);
    const refused = `${key}: ca_file: expected certificates in PEM (-----BEGIN CERTIFICATE-----), found a private key`;
    for (const command of ["update", "run", "ip", "status"]) {
      const args = command === "update" ? given : given.slice(0, 2);
      assert.equal(await agent([command, ...args], { UPDATE_ROUTE53_CA_FILE: key }), {
        exitCode: 78,
        stdout: "",
        stderr: `update-route53: ${refused}\n`,
      });
    }
  });

  test("costs nothing that a run loads where nothing is to be done", async () => {
    const given = ["--config", config(`ca_file = "${trusted}"`), "--ip", "1.2.3.4"];
    const listed = join(folder, "loaded");
    const hook = join(folder, "list.cjs");
    writeFileSync(
      hook,
      `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(listed)}, process.moduleLoadList.join("\\n")));`,
    );
    const loads = async () => {
      await agent(given, { NODE_OPTIONS: `--require=${hook}` });
      return readFileSync(listed, "utf8").split("\n").includes("NativeModule tls");
    };
    assert.is(await loads(), true);
    assert.is(await loads(), false);
  });

  test("is read again by run when it is told to, and stays as it was where it is broken", async () => {
    world.ip = "1.2.3.4";
    const path = caFile("changing.pem", other.cert);
    const daemon = startAgent(["run", "--config", config(`ca_file = "${path}"`)], environment);
    await daemon.line(/no ipv4 address learnt: .*unable to verify the first certificate, see ca_file\)$/);
    caFile("changing.pem", other.cert + ours.cert);
    daemon.signal("SIGHUP");
    await daemon.line(/^out home\.example\.com A 1\.2\.3\.4 accepted by the stream/);
    for (const [pem, found] of [
      [ours.key, "a private key"],
      [damage(ours.cert), "one that cannot be read"],
    ] as const) {
      caFile("changing.pem", pem);
      daemon.signal("SIGHUP");
      const told = `changing\\.pem: ca_file: .*, found ${found}; the settings stay as they were$`;
      await daemon.line(new RegExp(`^err error: .*${told}`));
    }
    world.ip = "8.8.8.8";
    daemon.signal("SIGUSR1");
    await daemon.line(/^out home\.example\.com A 8\.8\.8\.8 accepted by the stream/);
    daemon.signal("SIGTERM");
    assert.is(await daemon.exit, 0);
  });

  test("is looked at by the doctor", async () => {
    const look = async (...pems: string[]) => {
      const path = pems.length === 0 ? undefined : caFile("looked-at.pem", pems.join(""));
      const args = ["doctor", "--json", "--config", config(path && `ca_file = "${path}"`)];
      const { stdout } = await agent([...args, "--name-server", "127.0.0.1:9"]);
      const lines = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Diagnosis);
      return ["certificate authorities", "endpoint"].map((name) => {
        const { status, found } = lines.find(({ check }) => check === name) ?? {};
        return status && `${status}: ${found?.replace(/^.*?(\/looked-at\.pem|localhost:\d+): /, "")}`;
      });
    };
    const stranger =
      'problem: something in between shows a certificate of its own, issued by "Our CA" (UNABLE_TO_VERIFY_LEAF_SIGNATURE)';
    assert.equal(await look(), [undefined, stranger]);
    assert.equal(await look(ours.cert, other.cert), [
      `ok: believed besides Node's own: "Our CA", "Another CA"`,
      "ok: answers, with a valid certificate",
    ]);
    assert.equal(await look(ours.key), [
      "problem: ca_file: expected certificates in PEM (-----BEGIN CERTIFICATE-----), found a private key",
      stranger,
    ]);
    const old = createAuthority("Old CA", new Date(Date.now() - 1_000));
    assert.equal(await look(ours.cert, old.cert), [
      'warning: expired, so that nothing is believed by it: "Old CA"',
      "ok: answers, with a valid certificate",
    ]);
  });
});
