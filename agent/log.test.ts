import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert, describe } from "../scripts/describe.ts";
import { runAgent } from "../scripts/local/agent-process.ts";
import { createLog } from "./log.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "log-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const config = join(folder, "config.toml");
writeFileSync(
  config,
  `domains = ["a.example"]
region = "eu-west-1"
access_key_id = "AKIACANARYCANARYKEY1"
secret_access_key = "CANARYsecretCANARYsecretCANARYsecret/+x"
state_directory = "${join(folder, "state")}"`,
  { mode: 0o600 },
);
const PRIVATE =
  "a.example A refused: 10.0.0.1 is not public: 10.0.0.0/8 is private use (RFC 1918), it only exists inside a private network, so the Internet cannot reach it";
const UUID = "[0-9a-f-]{36}";
const ACCEPTED = `a.example A 1.2.3.4 accepted by the stream, uuid ${UUID}, sequence number 1, shardId-000000000000`;

const refused = (...args: string[]) => runAgent(["--config", config, "--ip", "10.0.0.1", ...args]);

describe("createLog", (test) => {
  test("tells every message, however often it is told", () => {
    const written: string[] = [];
    const log = createLog((line) => written.push(line), { format: "plain", lowest: "info" });
    for (let times = 0; times < 20; times += 1) log.warn("again");
    assert.equal(written, Array(20).fill("warning: again\n"));
  });

  test("says nothing below its lowest level", () => {
    const written: string[] = [];
    for (const lowest of ["debug", "info", "warn", "error"] as const) {
      const log = createLog((line) => written.push(line), { format: "plain", lowest });
      log.debug("d");
      log.info("i");
      log.warn("w");
      log.error("e");
      log.fatal("f");
    }
    const prefixes = ["debug: d", "i", "warning: w", "error: e", "update-route53: f"];
    const expected = [0, 1, 2, 3].flatMap((first) => prefixes.slice(first));
    assert.equal(
      written,
      expected.map((line) => `${line}\n`),
    );
  });
});

describe("the log", (test) => {
  let published: NodeJS.ProcessEnv;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    response.end('{"SequenceNumber":"1","ShardId":"shardId-000000000000"}');
  });
  test.before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    published = { AWS_ENDPOINT_URL_KINESIS: `http://127.0.0.1:${port}` };
  });
  test.after(() => void server.close());
  /** Publishes from a line of shell, with the agent for AGENT; the exit code that the line prints. */
  async function publishFrom(shell: string): Promise<string> {
    const agent = `${process.execPath} ${MAIN} --config ${config} --ip 1.2.3.4 --force`;
    const child = spawn("sh", ["-c", shell.replaceAll("AGENT", agent)], {
      env: { PATH: process.env.PATH, ...published },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    child.stdout.on("data", (chunk) => {
      told += chunk;
    });
    await once(child, "close");
    return told;
  }
  const publish = (...args: string[]) =>
    runAgent(["--config", config, "--ip", "1.2.3.4", "--force", ...args], published);

  test("is plain where it is piped", async () => {
    assert.is((await refused()).stderr, `error: ${PRIVATE}\n`);
  });

  test("is one object per line for programs", async () => {
    const { stdout, stderr } = await refused("--log", "json");
    assert.is(stdout, "");
    const { time, reason, ...rest } = JSON.parse(stderr);
    const about = { domain: "a.example", type: "A", family: "ipv4", outcome: "refused", ip: "10.0.0.1" };
    assert.equal(rest, { level: "error", message: PRIVATE, ...about });
    assert.ok(PRIVATE.endsWith(reason));
    assert.is(new Date(time).toISOString(), time);
  });

  test("has the form that was asked for even where the command line is wrong", async () => {
    const { exitCode, stderr } = await runAgent(["--log=json", "--strem", "x"]);
    assert.is(exitCode, 64);
    const { time: _, ...rest } = JSON.parse(stderr);
    const message = "unknown flag --strem, did you mean --stream?";
    assert.equal(rest, { level: "error", message, exitCode: 64 });
    assert.is((await runAgent(["--log=syslog", "--strem", "x"])).stderr, `<3>${message}\n`);
  });

  test("of what was published is a result on standard output, in the form of the log", async () => {
    const plain = await publish();
    assert.match(plain.stdout, new RegExp(`^${ACCEPTED}\n$`));
    const syslog = await publish("--log", "syslog");
    assert.match(syslog.stdout, new RegExp(`^<6>${ACCEPTED}\n$`));
    const { message, level } = JSON.parse((await publish("--log", "json")).stdout);
    assert.match(`${level} ${message}`, new RegExp(`^info ${ACCEPTED}$`));
    assert.is(plain.stderr + syslog.stderr, "");
  });

  test("leaves the objects of --json and the record of --dry-run as they are", async () => {
    for (const format of ["json", "syslog"]) {
      const { outcome } = JSON.parse((await publish("--json", "--quiet", "--log", format)).stdout);
      assert.is(outcome, "published");
      const { StreamName } = JSON.parse((await publish("--dry-run", "--quiet", "--log", format)).stdout);
      assert.is(StreamName, "update-route53");
    }
  });

  test("is silent with --quiet, but for errors", async () => {
    const { exitCode, stdout, stderr } = await publish("--quiet");
    assert.equal({ exitCode, stdout, stderr }, { exitCode: 0, stdout: "", stderr: "" });
    assert.is((await refused("--quiet")).stderr, `error: ${PRIVATE}\n`);
  });

  test("does not even open standard output where nothing has changed", async () => {
    const spy = `const { get } = Object.getOwnPropertyDescriptor(process, "stdout");
      let isOpen = false;
      Object.defineProperty(process, "stdout", { get() { isOpen = true; return get.call(process) } });
      process.on("exit", () => { if (isOpen) process.exitCode = 99 });`;
    const environment = {
      ...published,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(spy)}`,
    };
    const again = await runAgent(["--config", config, "--ip", "1.2.3.4"], environment);
    assert.equal(again, { exitCode: 0, stdout: "", stderr: "" });
  });

  test("says more with --verbose, a line for each message and never a secret", async () => {
    for (const format of ["plain", "json", "syslog"]) {
      const { stdout, stderr } = await publish("--verbose", "--log", format);
      const lines = stderr.trimEnd().split("\n");
      const debug = { plain: /^debug: /, json: /^\{"time":"[^"]+","level":"debug",.*\}$/, syslog: /^<7>/ };
      assert.ok(lines.length > 1);
      for (const line of lines) assert.match(line, debug[format as "plain"]);
      assert.not.match(stdout + stderr, /CANARY/);
    }
  });

  const lost: [string, string, string][] = [
    ["nobody reads it", "exec 3>&1; { AGENT --verbose; echo $? >&3; } 2>&1 | true", "0\n"],
    ["there is none", "AGENT --verbose >/dev/null 2>&-; echo $?", "0\n"],
    ["it cannot be written", "AGENT --verbose 2>/dev/full >/dev/null; echo $?", "0\n"],
    [
      "results cannot be written, and says so",
      "AGENT --quiet --json 2>&1 >/dev/full; echo $?",
      "error: standard output: expected to write a result, but ENOSPC\n73\n",
    ],
  ];
  for (const [where, shell, expected] of lost) {
    test(`stops no update where ${where}`, async () => {
      const before = requests;
      assert.is(await publishFrom(shell), expected);
      assert.is(requests, before + 1);
    });
  }

  test("refuses both at once, and forms that do not exist", async () => {
    const { stderr } = await refused("--quiet", "--verbose");
    assert.is(stderr, "update-route53: expected one of --verbose and --quiet, found both\n");
    assert.is(
      (await refused("--log", "xml")).stderr,
      'update-route53: --log: expected one of human, plain, json, syslog, got "xml"\n',
    );
    const { exitCode, stderr: said } = await runAgent(["ip"], { UPDATE_ROUTE53_LOG: "xml" });
    assert.is(exitCode, 78);
    assert.match(said, /^update-route53: UPDATE_ROUTE53_LOG: expected one of human, /);
  });
});

const script = spawnSync("script", ["--version"]).status === 0 ? undefined : "script is not installed";
const logger = spawnSync("logger", ["--help"], { encoding: "utf8" }).stdout?.includes("--prio-prefix")
  ? undefined
  : "logger is not installed, or knows no --prio-prefix";

describe("the log", (test) => {
  const command = `${process.execPath} ${MAIN} --config ${config} --ip 10.0.0.1`;

  test.unless(script, "has colours on a terminal, unless they are not wanted", () => {
    const onTerminal = (environment: NodeJS.ProcessEnv) =>
      spawnSync("script", ["-qec", command, "/dev/null"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        env: { PATH: process.env.PATH, TERM: "xterm", ...environment },
      }).stdout;
    assert.is(onTerminal({}), `\u001b[31merror: \u001b[39m${PRIVATE}\r\n`);
    assert.is(onTerminal({ NO_COLOR: "1" }), `error: ${PRIVATE}\r\n`);
  });

  test.unless(logger, "reaches syslog with its priority", async () => {
    const syslog = createSocket("udp4");
    syslog.bind(0, "127.0.0.1");
    await once(syslog, "listening");
    const to = `--server 127.0.0.1 --port ${syslog.address().port} --udp --rfc3164 -t update-route53`;
    const received = once(syslog, "message", { signal: AbortSignal.timeout(30_000) });
    const pipe = spawn("sh", ["-c", `${command} --log syslog 2>&1 | logger --prio-prefix ${to}`]);
    const [message] = await received;
    syslog.close();
    if (pipe.exitCode === null) await once(pipe, "close");
    // RFC 5424 section 6.2.1: facility user (1) by 8, and severity error (3).
    assert.match(
      String(message),
      /^<11>\S+ +\S+ \S+ \S+ update-route53: a\.example A refused: 10\.0\.0\.1 is/,
    );
  });
});
