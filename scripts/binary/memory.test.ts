// How much memory the binary holds after days of `run`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { assert, describe } from "../describe.ts";
import { startStreamStandIn } from "../fixtures/stream-stand-in.ts";
import { startEchoServer } from "../local/echo-server.ts";
import { builtPath, whyNotBuilt } from "./built.ts";

/** Three days of the usual interval of 300 s: V8 would begin to optimize on the second. */
const CYCLES = 3 * 288;
/** A provider that gives another address every two hours. */
const CYCLES_PER_ADDRESS = 24;
/** With the pages of the executable, which the kernel takes back when it needs them. README.md says this number. */
const MOST_RESIDENT_MIB = 120;
const MOST_OF_ITS_OWN_MIB = 56;
const CYCLE_DEADLINE_MS = 20_000;

const folder = mkdtempSync(join(tmpdir(), "memory-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

function memoryOf(pid: number): { readonly residentMiB: number; readonly ownMiB: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return { residentMiB: field("VmRSS"), ownMiB: field("RssAnon") };
}

/** An echo service that counts its answers. */
async function startEcho() {
  const echo = { asked: 0, ip: () => `8.8.8.${1 + Math.floor(echo.asked / CYCLES_PER_ADDRESS)}` };
  const server = await startEchoServer((_, response) => {
    const ip = echo.ip();
    echo.asked += 1;
    response.end(ip);
  });
  return Object.assign(echo, server);
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const deadline = performance.now() + CYCLE_DEADLINE_MS; !condition(); ) {
    if (performance.now() > deadline) throw new Error(`expected ${what}, and it did not come`);
    await wait(5);
  }
}

describe("the binary that stays", (test) => {
  test.unless(whyNotBuilt(), "holds as little memory after three days as it says", async () => {
    const stream = await startStreamStandIn();
    const echo = await startEcho();
    const config = join(folder, "config.toml");
    writeFileSync(
      config,
      `domains = ["home.example.com"]
check_urls = ["${echo.url}"]
state_directory = ${JSON.stringify(join(folder, "state"))}
[ipv4]
sources = ["check"]
`,
    );
    const binary = builtPath({ arch: process.arch === "arm64" ? "arm64" : "x64" });
    const agent = spawn(binary, ["run", "--config", config], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        AWS_ENDPOINT_URL_KINESIS: stream.url,
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
      },
    });
    try {
      for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
        await until(() => echo.asked >= cycle, `check ${cycle}`);
        const published = Math.ceil(cycle / CYCLES_PER_ADDRESS);
        await until(() => stream.accepted.length >= published, `update ${published}`);
        if (cycle < CYCLES) agent.kill("SIGUSR1");
      }
      const { residentMiB, ownMiB } = memoryOf(agent.pid ?? 0);
      process.stdout.write(`resident ${residentMiB.toFixed(0)} MiB, its own ${ownMiB.toFixed(0)} MiB\n`);
      assert.ok(residentMiB < MOST_RESIDENT_MIB, `${residentMiB} MiB are resident`);
      assert.ok(ownMiB < MOST_OF_ITS_OWN_MIB, `${ownMiB} MiB are its own`);
      assert.is(stream.accepted.length, CYCLES / CYCLES_PER_ADDRESS);
    } finally {
      agent.kill("SIGKILL");
      await stream.close();
      await echo.close();
    }
  });
});
