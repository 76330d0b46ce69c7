import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { AGENT, createRoot, install, listing, uninstall } from "../../scripts/fixtures/device-root.ts";

const HOOK = "/etc/ppp/ip-up.d/zz-update-route53";
const NOTIFY = "/usr/lib/update-route53/notify";

describe("install and uninstall", (test) => {
  const kept = (reason: string, mechanism = "  (pppd)") =>
    `kept       ${HOOK}${mechanism}: ${reason}; --force overrules that\n`;

  test("leave what somebody else wrote, say so, and do the rest", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/", "/etc/cron.d/");
    writeFileSync(join(root, HOOK), "#!/bin/sh\nmine\n");
    const { exitCode, stdout } = await install(root);
    assert.is(exitCode, 73);
    assert.ok(stdout.includes(kept("somebody else wrote it")), stdout);
    assert.match(stdout, /^installed {2}\/etc\/cron\.d\/update-route53/m);
    assert.is((await uninstall(root)).exitCode, 0);
    assert.is(readFileSync(join(root, HOOK), "utf8"), "#!/bin/sh\nmine\n");
    assert.is((await install(root, "--force", "--dry-run")).exitCode, 0);
    assert.match((await install(root, "--force")).stdout, /^replaced {3}\/etc\/ppp/m);
    assert.match(readFileSync(join(root, HOOK), "utf8"), /Run by pppd/);
  });

  test("leave what was changed since", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/");
    const before = listing(root);
    await install(root);
    const changed = `${readFileSync(join(root, HOOK), "utf8")}# mine\n`;
    writeFileSync(join(root, HOOK), changed);
    const again = await install(root);
    assert.is(again.exitCode, 73);
    assert.ok(again.stdout.includes(kept("it was changed since it was installed")), again.stdout);
    const removed = await uninstall(root);
    assert.is(removed.exitCode, 73);
    assert.is(removed.stdout, `${kept("it was changed since it was installed", "")}removed    ${NOTIFY}\n`);
    assert.is(readFileSync(join(root, HOOK), "utf8"), changed);
    assert.is((await uninstall(root, "--force")).exitCode, 0);
    assert.equal(listing(root), before);
  });

  test("mend a mode, and replace what an older version has written", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/");
    await install(root);
    chmodSync(join(root, HOOK), 0o644);
    await install(root, "--interface", "ppp0");
    assert.is(lstatSync(join(root, HOOK)).mode & 0o777, 0o755);
    const { stdout } = await install(root, "--interface", "ppp1");
    assert.is(
      stdout,
      `program    ${AGENT}\nupdated    ${NOTIFY}  (every hook)\nunchanged  ${HOOK}  (pppd)\n`,
    );
  });

  test("follow no link, neither of a file nor out of the device", async () => {
    const root = createRoot("/etc/ppp/ip-up.d/", "/etc/networkd-dispatcher/");
    const target = mkdtempSync(join(tmpdir(), "target-"));
    process.on("exit", () => rmSync(target, { recursive: true }));
    writeFileSync(join(target, "file"), "mine");
    symlinkSync(join(target, "file"), join(root, HOOK));
    symlinkSync(target, join(root, "etc/networkd-dispatcher/routable.d"));
    const { exitCode, stdout } = await install(root, "--force");
    assert.is(exitCode, 73);
    assert.ok(
      stdout.includes("routable.d/90-update-route53  (networkd-dispatcher): a link on the way leads out of"),
      stdout,
    );
    assert.match(stdout, /^replaced {3}\/etc\/ppp/m);
    assert.equal(readdirSync(target), ["file"]);
    assert.is(readFileSync(join(target, "file"), "utf8"), "mine");
  });
});
