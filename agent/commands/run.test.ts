import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { type AgentDaemon, killAgents, startAgent } from "../../scripts/fixtures/agent-daemon.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";
import { startEchoServer } from "../../scripts/local/echo-server.ts";
import { acquireInstance } from "../lock/instance.ts";

const folder = mkdtempSync(join(tmpdir(), "run-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
/** A signal must end the agent within a second; the rest is for a busy machine. */
const END_MS = 1_500;

interface Device {
  readonly configPath: string;
  readonly stateDirectory: string;
  readonly write: (toml: string) => void;
}

function createDevice(toml: string): Device {
  const directory = mkdtempSync(join(folder, "device-"));
  const configPath = join(directory, "update-route53.toml");
  const stateDirectory = join(directory, "state");
  const write = (more: string) =>
    writeFileSync(
      configPath,
      `region = "eu-west-1"\naccess_key_id = "AKIALOCAL"\nsecret_access_key = "local"
state_directory = "${stateDirectory}"\n${more}`,
      { mode: 0o600 },
    );
  write(toml);
  return { configPath, stateDirectory, write };
}

/** What puts a record on a stream, as far as this needs it: what was put, or whether it answers at all. */
async function startStream() {
  const stream = { published: [] as string[], isHanging: false, isDown: false, asked: 0 };
  const server = await startEchoServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    stream.asked += 1;
    if (stream.isHanging) return;
    if (stream.isDown) return void response.writeHead(503).end();
    const { Data } = JSON.parse(Buffer.concat(chunks).toString());
    const { domain, ip } = JSON.parse(Buffer.from(Data, "base64").toString());
    stream.published.push(`${domain} ${ip}`);
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify({ SequenceNumber: "1", ShardId: "shardId-000000000000" }));
  });
  const environment = { AWS_ENDPOINT_URL_KINESIS: server.url };
  return Object.assign(stream, { environment, close: server.close });
}

/** An echo service that tells the address it is told to tell, or does not answer at all. */
async function startEcho() {
  const echo = { ip: "1.2.3.4", isHanging: false, asked: 0 };
  const server = await startEchoServer((_, response) => {
    echo.asked += 1;
    if (!echo.isHanging) response.end(echo.ip);
  });
  return Object.assign(echo, { url: server.url, close: server.close });
}

const settingsFor = (echoUrl: string, more = "") =>
  `domains = ["home.example.com"]\ncheck_urls = ["${echoUrl}"]\n${more}\n[ipv4]\nsources = ["check"]\n`;

async function end(agent: AgentDaemon, signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
  const startedAtMs = performance.now();
  agent.signal(signal);
  assert.is(await agent.exit, 0, agent.lines.join("\n"));
  return performance.now() - startedAtMs;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const deadline = performance.now() + 15_000; !condition(); ) {
    if (performance.now() > deadline) throw new Error(`expected ${what}, and it did not come`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const accepted = (ip: string) => new RegExp(`^out home\\.example\\.com A ${ip} accepted by the stream`);

describe("run", (test) => {
  let stream: Awaited<ReturnType<typeof startStream>>;
  let echo: Awaited<ReturnType<typeof startEcho>>;
  test.before(async () => {
    stream = await startStream();
    echo = await startEcho();
  });
  test.after(async () => {
    killAgents();
    await stream.close();
    await echo.close();
  });

  const reset = () => {
    Object.assign(stream, { published: [], isHanging: false, isDown: false, asked: 0 });
    Object.assign(echo, { ip: "1.2.3.4", isHanging: false, asked: 0 });
  };
  const start = ({ configPath }: Device, more: NodeJS.ProcessEnv = {}) =>
    startAgent(["run", "--config", configPath], { ...stream.environment, ...more });

  test("publishes, checks again when told to, and says nothing where nothing changed", async () => {
    reset();
    const agent = start(createDevice(settingsFor(echo.url)));
    await agent.line(accepted("1.2.3.4"));
    agent.signal("SIGUSR1");
    await until(() => echo.asked === 2, "a second check");
    echo.ip = "8.8.8.8";
    agent.signal("SIGUSR1");
    await agent.line(accepted("8.8.8.8"));
    await end(agent, "SIGINT");
    assert.equal(stream.published, ["home.example.com 1.2.3.4", "home.example.com 8.8.8.8"]);
    assert.is(agent.lines.length, 2, agent.lines.join("\n"));
  });

  test("is the only one; what update is told, it does", async () => {
    reset();
    const device = createDevice(settingsFor(echo.url));
    const agent = start(device);
    await agent.line(accepted("1.2.3.4"));
    if (process.platform === "linux")
      assert.is(readFileSync(`/proc/${agent.pid}/comm`, "utf8"), "update-route53\n");
    const second = await runAgent(["run", "--config", device.configPath], stream.environment);
    assert.is(second.exitCode, 75);
    const at = device.stateDirectory;
    assert.is(
      second.stderr,
      `update-route53: ${at}: another update-route53 run is at work on it, process ${agent.pid}\n`,
    );
    const update = await runAgent(["--config", device.configPath, "--ip", "9.9.9.9"], stream.environment);
    assert.is(update.exitCode, 0);
    assert.match(update.stderr, new RegExp(`handed to the .* at work, process ${agent.pid}\n$`));
    await agent.line(accepted("9.9.9.9"));
    await end(agent);
  });

  test("publishes at most twice in a storm, and the last address wins", async () => {
    reset();
    const device = createDevice(settingsFor(echo.url));
    const agent = start(device);
    await agent.line(accepted("1.2.3.4"));
    const environment = { AWS_EC2_METADATA_DISABLED: "true", ...stream.environment };
    for (let count = 1; count <= 50; count += 1) {
      const argv = ["update", "--config", device.configPath, "--ip", `8.8.8.${count}`];
      assert.is((await acquireInstance(device.stateDirectory, argv, { environment })).state, "handed");
    }
    await agent.line(accepted("8.8.8.50"));
    await end(agent);
    assert.ok(stream.published.length <= 3, stream.published.join());
    assert.is(stream.published.at(-1), "home.example.com 8.8.8.50");
  });

  test("remembers an address that it was handed and could not begin with before its end", async () => {
    reset();
    const device = createDevice(settingsFor(echo.url));
    const agent = start(device);
    await agent.line(accepted("1.2.3.4"));
    const environment = { AWS_EC2_METADATA_DISABLED: "true", ...stream.environment };
    const hand = (ip: string) =>
      acquireInstance(device.stateDirectory, ["--config", device.configPath, "--ip", ip], { environment });
    await hand("9.9.9.9");
    await agent.line(accepted("9.9.9.9"));
    // What comes now is gathered for a moment.
    assert.is((await hand("8.8.8.8")).state, "handed");
    await end(agent);
    const { pending } = JSON.parse(readFileSync(join(device.stateDirectory, "state.json"), "utf8"));
    assert.is(pending["home.example.com. ipv4"]?.ip, "8.8.8.8", agent.lines.join("\n"));
  });

  test("reads the configuration again, and keeps the old one where the new one is broken", async () => {
    reset();
    const device = createDevice(settingsFor(echo.url));
    const agent = start(device);
    await agent.line(accepted("1.2.3.4"));
    device.write(`${settingsFor(echo.url)}stream = 1\n[`);
    agent.signal("SIGHUP");
    assert.match(
      await agent.line(/^err error: /),
      /update-route53\.toml:\d+.*; the settings stay as they were$/,
    );
    device.write(settingsFor(echo.url).replace("home", "office"));
    agent.signal("SIGHUP");
    await agent.line(/^out office\.example\.com A 1\.2\.3\.4 accepted/);
    await end(agent);
    assert.is(agent.lines.filter((line) => line.startsWith("err error")).length, 1);
  });

  test("goes on after failures, tells each once, and tells when it is over", async () => {
    reset();
    Object.assign(echo, { ip: "busy" });
    const agent = start(createDevice(settingsFor(echo.url, "deadline_seconds = 1")));
    await agent.line(/^err error: home\.example\.com A left as it is, no ipv4 address learnt/);
    agent.signal("SIGUSR1");
    await until(() => echo.asked === 2, "a second check");
    Object.assign(stream, { isDown: true });
    echo.ip = "1.2.3.4";
    agent.signal("SIGUSR1");
    await agent.line(/^err error: home\.example\.com A 1\.2\.3\.4 could not be confirmed as published/);
    Object.assign(stream, { isDown: false });
    agent.signal("SIGUSR1");
    await agent.line(accepted("1.2.3.4"));
    await end(agent);
    assert.is(agent.lines.length, 3, agent.lines.join("\n"));
  });

  test("waits for an update that is at work, and can be ended meanwhile", async () => {
    reset();
    const device = createDevice(settingsFor(echo.url));
    const holder = await acquireInstance(device.stateDirectory, ["update"]);
    if (holder.state !== "acquired") throw new Error("somebody else holds a new directory");
    const waiting = new RegExp(
      `^err .*waiting for the update-route53 that is at work, process ${process.pid}$`,
    );
    const first = start(device);
    await first.line(waiting);
    await end(first);
    const second = start(device);
    await second.line(waiting);
    second.signal("SIGHUP");
    second.signal("SIGUSR1");
    assert.equal(holder.instance.take(), []);
    holder.instance.release();
    await second.line(/read the configuration again$/);
    await second.line(accepted("1.2.3.4"));
    await end(second);
  });

  test("ends with 78 where the configuration is wrong at the start", async () => {
    const { configPath } = createDevice("");
    const { exitCode, stderr } = await runAgent(["run", "--config", configPath]);
    assert.is(exitCode, 78);
    assert.is(
      stderr,
      `update-route53: domains: expected the names to keep up to date, found none; put domains = ["home.example.com"] at the top of ${configPath}\n`,
    );
  });

  for (const hanging of ["detection", "publication"] as const) {
    test(`ends within a second in the middle of a ${hanging} that hangs`, async () => {
      reset();
      const device = createDevice(settingsFor(echo.url));
      Object.assign(hanging === "detection" ? echo : stream, { isHanging: true });
      const agent = start(device);
      await until(() => (hanging === "detection" ? echo : stream).asked > 0, "a request");
      const tookMs = await end(agent);
      assert.ok(tookMs < END_MS, `took ${tookMs} ms`);
      if (hanging === "detection") assert.equal(agent.lines, []);
      else
        assert.match(
          agent.lines.join("\n"),
          /^err error: home\.example\.com A 1\.2\.3\.4 could not be confirmed as published: .*Abort.*$/,
        );
      reset();
      const after = await runAgent(["--config", device.configPath], stream.environment);
      assert.match(after.stdout, /^home\.example\.com A 1\.2\.3\.4 accepted/);
      assert.is(after.stderr, "");
      JSON.parse(readFileSync(join(device.stateDirectory, "state.json"), "utf8"));
      assert.equal(readdirSync(device.stateDirectory).sort(), ["instance.key", "state.json"]);
    });
  }

  const canIsolate = spawnSync("unshare", ["-rn", "ip", "addr", "show", "lo"]).status === 0;
  const noNamespace = canIsolate ? undefined : "needs `unshare -rn` and `ip`";
  test.unless(noNamespace, "sees at once that the kernel's address has changed", async () => {
    reset();
    const device = createDevice(
      `domains = ["home.example.com"]\ninterface = "lo"\ndeadline_seconds = 1\n[ipv4]\nsources = ["interface"]\n`,
    );
    const setUp = 'ip link set lo up && ip addr add 1.2.3.4/32 dev lo && exec "$0" "$@"';
    const agent = startAgent(["run", "--verbose", "--config", device.configPath], stream.environment, [
      ...["unshare", "-rn", "sh", "-c", setUp],
    ]);
    // The stream is outside of its network: that it is tried with the new address is enough.
    await agent.line(/1\.2\.3\.4 not published/);
    const inside = ["-t", String(agent.pid), "-U", "-n", "--preserve-credentials", "sh", "-c"];
    const change = "ip addr add 8.8.4.4/32 dev lo && ip addr del 1.2.3.4/32 dev lo";
    assert.is(spawnSync("nsenter", [...inside, change]).status, 0);
    await agent.line(/debug: the kernel says ipv4 lo 127\.0\.0\.1 8\.8\.4\.4: checking the address$/);
    await agent.line(/8\.8\.4\.4 not published/);
    await end(agent);
  });
});
