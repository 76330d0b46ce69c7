import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { createDeviceDirectory } from "../../scripts/fixtures/device-directory.ts";
import { type DnsLiar, respond, startDnsLiar } from "../../scripts/fixtures/dns-liar.ts";
import { startEchoServer } from "../../scripts/local/echo-server.ts";
import type { Context } from "../context.ts";
import type { Job } from "../job.ts";
import { acquireInstance } from "../lock/instance.ts";
import { waitUntilVisible } from "./waiting.ts";

const NAME = "home.example.com";

describe("an update that is handed over", (test) => {
  let server: DnsLiar;
  test.before(async () => {
    server = await startDnsLiar({
      udp: (query, send) => send(respond(query, { answers: [{ name: NAME, type: "A", data: "1.2.3.4" }] })),
    });
  });
  test.after(() => server.close());

  /** Runs the agent where this process is at work on its state directory. */
  async function runHanded(args: readonly string[], { isLoop = true, environment: more = {} } = {}) {
    const toml = `deadline_seconds = 3\nname_servers = ["${server.host}:${server.port}"]\n`;
    const environment = { AWS_ENDPOINT_URL_KINESIS: "http://127.0.0.1:1" };
    const device = createDeviceDirectory(environment.AWS_ENDPOINT_URL_KINESIS, toml);
    const argv = isLoop ? undefined : [];
    const acquired = await acquireInstance(device.stateDirectory, argv, { environment });
    if (acquired.state !== "acquired") throw new Error("somebody else holds a new directory");
    const result = await device.run(args, { environment: more });
    assert.is(acquired.instance.take().length, 1);
    acquired.instance.release();
    return result;
  }
  const told = `{"outcome":"handed","pid":${process.pid}}\n`;

  test("says so in JSON", async () => {
    const { exitCode, stdout } = await runHanded(["--ip", "1.2.3.4", "--json"]);
    assert.is(exitCode, 0);
    assert.is(stdout, told);
  });

  test("counts as done for a hook where the process stays, and not where it may give up", async () => {
    const hook = ["notify", "lo", "--json"];
    for (const [args, isLoop, expected] of [
      [hook, false, 0],
      [[...hook, "--confirm"], true, 0],
      [[...hook, "--confirm"], false, 75],
    ] as const) {
      const { exitCode, stdout, stderr } = await runHanded(args, { isLoop });
      assert.is(stdout, told);
      assert.is(stderr, `handed to the update-route53 that is at work, process ${process.pid}\n`);
      assert.is(exitCode, expected, args.join(" "));
    }
  });

  test("waits for the address that was given", async () => {
    const { exitCode, stdout } = await runHanded(["--ip", "1.2.3.4", "--wait"]);
    assert.is(exitCode, 0);
    assert.match(stdout, /^home\.example\.com A 1\.2\.3\.4 visible on all name servers after /);
  });

  test("ends with 75 where that does not come", async () => {
    const { exitCode, stdout } = await runHanded(["--ip", "8.8.8.8", "--wait", "--json"]);
    assert.is(exitCode, 75);
    assert.match(stdout, /^\{"outcome":"handed",[^\n]*\n\{[^\n]*"ip":"8\.8\.8\.8","isVisible":false/);
  });

  /** Hands over what the process at work learns by itself, where an echo service tells an address. */
  async function runLearning(told: string, args: readonly string[] = []) {
    const echo = await startEchoServer((_, response) => response.end(told));
    try {
      const asking = ["--check-url", echo.url];
      const environment = { UPDATE_ROUTE53_IPV4_SOURCES: "check" };
      return await runHanded(["--wait", ...asking, ...args], { environment });
    } finally {
      await echo.close();
    }
  }

  test("waits for the address that the other process learns as well", async () => {
    const { exitCode, stdout } = await runLearning("1.2.3.4");
    assert.match(stdout, /^home\.example\.com A 1\.2\.3\.4 visible on all name servers after /);
    assert.is(exitCode, 0);
  });

  test("ends with 75 where the name servers do not answer what is learnt", async () => {
    const { exitCode, stdout } = await runLearning("8.8.8.8", ["--json"]);
    assert.is(exitCode, 75);
    assert.match(stdout, /^\{"outcome":"handed",[^\n]*\n\{[^\n]*"ip":"8\.8\.8\.8","isVisible":false/);
  });

  test("ends with 75 where no address can be learnt, and says why", async () => {
    const { exitCode, stdout, stderr } = await runLearning("nothing");
    assert.is(exitCode, 75);
    assert.is(stdout, "");
    assert.match(
      stderr,
      /\nerror: could not confirm home\.example\.com A: no ipv4 address learnt: check: expected 1 of 1 to agree \(.*\)\n$/,
    );
  });

  test("waits as long as before when somebody sets the clock", async () => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const context = { given: { switches: new Set() }, print, log: { error: print } } as unknown as Context;
    const settings = {
      deadline_seconds: process.uptime() + 10,
      name_servers: [{ host: server.host, port: server.port }],
    };
    const outcomes = [
      { fqdn: parseFqdn(NAME), family: "ipv4", outcome: "unchanged", ip: "1.2.3.4" },
    ] as const;
    const job = { settings } as unknown as Job;
    const now = Date.now;
    Date.now = () => now() + 3_600_000;
    try {
      assert.is(await waitUntilVisible(outcomes, job, context), 0, lines.join());
    } finally {
      Date.now = now;
    }
    assert.match(lines.join(), /visible on all name servers/);
  });
});
