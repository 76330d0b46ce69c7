import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { createRoot, install, listing, uninstall } from "../../scripts/fixtures/device-root.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";
import { openDevice } from "../install/device.ts";
import { hookFiles } from "../install/hook-files.ts";
import { planInstall } from "../install/plan-install.ts";
import { advise } from "./install-checks.ts";

const CRON = "/etc/cron.d/";

describe("install", (test) => {
  test("says so where there is nothing that would start the program", async () => {
    const root = createRoot();
    const before = listing(root);
    const names =
      "OpenWrt, pppd, dhclient, dhcpcd, udhcpc, NetworkManager, networkd-dispatcher, ifupdown, systemd, cron";
    const problem = `expected one of ${names}, found none, so that there is nothing to install`;
    const told = `update-route53: ${problem}; have "update-route53 run" started at boot\n`;
    for (const flags of [[], ["--dry-run"], ["--force"]])
      assert.equal(await install(root, ...flags), { exitCode: 73, stdout: "", stderr: told });
    assert.equal(listing(root), before);
  });

  /** A device where the program is a link to one in a directory that everybody can write to. */
  function createCarelessRoot() {
    const root = createRoot(CRON);
    mkdirSync(join(root, "tmp"));
    chmodSync(join(root, "tmp"), 0o1777);
    writeFileSync(join(root, "tmp/agent"), "", { mode: 0o755 });
    symlinkSync("../../tmp/agent", join(root, "usr/bin/relative"));
    symlinkSync("/tmp/agent", join(root, "usr/bin/absolute"));
    symlinkSync("../usr/bin/update-route53", join(root, "tmp/link"));
    symlinkSync("../usr/bin", join(root, "tmp/bin"));
    return root;
  }
  const told = (root: string, agent: string) =>
    `${agent}: expected a program that only root can replace, because root runs it, but everybody can write to ${root}/tmp; mend that, or move it, such as to /usr/bin`;

  for (const agent of [
    "/tmp/agent",
    "/usr/bin/relative",
    "/usr/bin/absolute",
    "/tmp/link",
    "/tmp/bin/update-route53",
  ]) {
    test(`lets root run no program that others can replace, unless told to: ${agent}`, async () => {
      const root = createCarelessRoot();
      const before = listing(root);
      const install = (...flags: string[]) =>
        runAgent(["install", "--root", root, "--agent", agent, ...flags]);
      const stderr = `update-route53: ${told(root, agent)}, or say --force\n`;
      for (const flags of [[], ["--dry-run"]])
        assert.equal(await install(...flags), { exitCode: 64, stdout: "", stderr });
      assert.equal(listing(root), before);
      const forced = await install("--force");
      assert.is(forced.stderr, `warning: ${told(root, agent)}\n`);
      assert.match(forced.stdout, /\ninstalled {2}\/etc\/cron\.d\/update-route53 /);
      assert.is(forced.exitCode, 0);
      await uninstall(root);
    });
  }

  test("starts nothing that is no program", async () => {
    const root = createRoot(CRON, "/etc/passwd");
    symlinkSync("gone", join(root, "usr/bin/dangling"));
    for (const agent of ["/etc/passwd", "/etc", "/usr/bin/dangling"]) {
      const { exitCode, stderr } = await runAgent(["install", "--root", root, "--agent", agent, "--force"]);
      const problem = "expected a program, found no file that can be executed";
      assert.equal([exitCode, stderr], [64, `update-route53: ${agent}: ${problem}\n`]);
    }
  });

  test("looks where a program is to be that is not there yet", async () => {
    const root = createCarelessRoot();
    const { exitCode, stderr } = await runAgent(["install", "--root", root, "--agent", "/tmp/a/later"]);
    const missing = "warning: /tmp/a/later: there is no such file yet, which all of this starts\n";
    assert.is(stderr, `${missing}update-route53: ${told(root, "/tmp/a/later")}, or say --force\n`);
    assert.is(exitCode, 64);
  });

  test("says what does not run on this machine, and so starts nothing yet", () => {
    const root = createRoot("/usr/lib/systemd/systemd", "/etc/NetworkManager/dispatcher.d/");
    const choice = { agent: "/usr/bin/update-route53", interfaces: [], isDaemon: false };
    const warnings = (texts: Readonly<Record<string, readonly string[]>>) => {
      const device = openDevice(root);
      const lines: string[] = [];
      const log = { warn: (line: string) => void lines.push(line) };
      const plan = planInstall(device, choice, hookFiles);
      advise(device, { plan, choice }, { given: { texts, switches: new Set() }, log } as never);
      return lines;
    };
    assert.equal(warnings({}), [
      "systemd does not run here: /etc/systemd/system/update-route53.service is started when it does",
    ]);
    assert.equal(warnings({ root: [root] }), []);
    mkdirSync(join(root, "run/systemd/system"), { recursive: true });
    assert.equal(warnings({}), []);
  });
});
