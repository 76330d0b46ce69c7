import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { createDeviceDirectory } from "../../scripts/fixtures/device-directory.ts";
import { type DnsLiar, respond, startDnsLiar } from "../../scripts/fixtures/dns-liar.ts";
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
  async function runHanded(args: readonly string[], { isLoop = true } = {}) {
    const toml = `deadline_seconds = 3\nname_servers = ["${server.host}:${server.port}"]\n`;
    const environment = { AWS_ENDPOINT_URL_KINESIS: "http://127.0.0.1:1" };
    const device = createDeviceDirectory(environment.AWS_ENDPOINT_URL_KINESIS, toml);
    const argv = isLoop ? undefined : [];
    const acquired = await acquireInstance(device.stateDirectory, argv, { environment });
    if (acquired.state !== "acquired") throw new Error("somebody else holds a new directory");
    const result = await device.run(args);
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

  test("ends with 75 where no address was given, which could not be confirmed", async () => {
    const { exitCode, stderr } = await runHanded(["--wait"]);
    assert.is(exitCode, 75);
    assert.match(
      stderr,
      /could not confirm: the process that it was handed to learns the address by itself\n$/,
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
