import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { killAgents, startAgent } from "../../scripts/fixtures/agent-daemon.ts";
import {
  type NotifySocket,
  startNotifySocket,
  whyNoNotifySocket,
} from "../../scripts/fixtures/notify-socket.ts";
import { type EchoServer, startEchoServer } from "../../scripts/local/echo-server.ts";
import { createServiceManager } from "./service-manager.ts";

const folder = mkdtempSync(join(tmpdir(), "notify-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const unable = whyNoNotifySocket();

async function until(condition: () => boolean, socket: NotifySocket): Promise<void> {
  for (const deadline = performance.now() + 10_000; !condition(); ) {
    if (performance.now() > deadline) throw new Error(`told only ${JSON.stringify(socket.messages)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("the service manager", (test) => {
  let socket: NotifySocket;
  let echo: EchoServer;
  test.before(async () => {
    if (unable === undefined) socket = await startNotifySocket(join(folder, "run.sock"));
    echo = await startEchoServer((_, response) => void response.end("nothing"));
  });
  test.after(async () => {
    killAgents();
    socket?.close();
    await echo.close();
  });

  test.unless(unable, "is told when run is ready, reloads, is alive and ends", async () => {
    const configPath = join(folder, "update-route53.toml");
    writeFileSync(
      configPath,
      `domains = ["home.example.com"]\ncheck_urls = ["${echo.url}"]\nstate_directory = "${folder}/state"
[ipv4]\nsources = ["check"]\n`,
    );
    const agent = startAgent(["run", "--config", configPath], {
      NOTIFY_SOCKET: socket.path,
      WATCHDOG_USEC: "900000",
    });
    const told = (text: string) => socket.messages.filter(([first]) => first === text).length;
    await until(() => told("READY=1") === 1 && told("WATCHDOG=1") >= 2, socket);
    assert.equal(socket.messages[0], ["READY=1"]);
    await until(() => socket.messages.some(([first = ""]) => first.startsWith("STATUS=")), socket);
    const status = socket.messages.flat().find((text) => text.startsWith("STATUS="));
    assert.match(status ?? "", /^STATUS=home\.example\.com A left as it is, no ipv4 address learnt: /);
    const before = process.hrtime.bigint() / 1000n;
    agent.signal("SIGHUP");
    await until(() => told("READY=1") === 2, socket);
    const reloading = socket.messages.find(([first]) => first === "RELOADING=1");
    const at = BigInt(reloading?.[1]?.replace("MONOTONIC_USEC=", "") ?? 0);
    assert.ok(at >= before && at <= process.hrtime.bigint() / 1000n, String(reloading));
    agent.signal("SIGTERM");
    assert.is(await agent.exit, 0);
    await until(() => told("STOPPING=1") === 1, socket);
    assert.equal(socket.messages.at(-1), ["STOPPING=1"]);
  });

  test("hears nothing where nobody asks, and is not watched by another's watchdog", async () => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const manager = createServiceManager({ WATCHDOG_USEC: "1000" }, warn);
    manager.ready();
    await manager.stopping();
    assert.is(manager.watchdogMs, undefined);
    const environment = { NOTIFY_SOCKET: join(folder, "no.sock"), PATH: folder, WATCHDOG_USEC: "3000000" };
    assert.is(createServiceManager({ ...environment, WATCHDOG_PID: "1" }, warn).watchdogMs, undefined);
    assert.is(createServiceManager(environment, warn).watchdogMs, 1_000);
    assert.equal(warnings, []);
  });

  test("is told nothing where systemd-notify is missing, which is said once", async () => {
    const warnings: string[] = [];
    const environment = { NOTIFY_SOCKET: join(folder, "no.sock"), PATH: folder };
    const manager = createServiceManager(environment, (message) => void warnings.push(message));
    manager.ready();
    await manager.stopping();
    assert.equal(warnings, [
      "NOTIFY_SOCKET: expected systemd-notify to send to it, but spawn systemd-notify ENOENT",
    ]);
  });
});
