import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { AGENT, createRoot, install, uninstall } from "../../scripts/fixtures/device-root.ts";
import { openDevice } from "../install/device.ts";
import { formatDiagnosis } from "./diagnosis.ts";
import { judgeHooks } from "./judge-hooks.ts";
import { lookAtHooks } from "./look-at-hooks.ts";

const HOOK = "/etc/ppp/ip-up.d/zz-update-route53";
const NONE =
  'unknown  hooks: none that "update-route53 install" has written; what else starts it, this cannot tell - to do: "update-route53 install", where nothing else does';

describe("the doctor looks at the hooks", (test) => {
  const told = (root: string) => formatDiagnosis(judgeHooks(lookAtHooks(openDevice(root))));
  /** A device with hooks. */
  async function createDevice() {
    const root = createRoot("/etc/ppp/ip-up.d/", "/usr/lib/systemd/systemd");
    await install(root);
    return root;
  }

  test("that are as they were installed, or not there", async () => {
    const root = await createDevice();
    assert.is(told(root), `ok       hooks: 5 files as this version installs them; they start ${AGENT}`);
    await uninstall(root);
    assert.is(told(root), NONE);
  });

  const mask = (path: string) => {
    rmSync(path);
    symlinkSync("/dev/null", path);
  };
  const link = "/etc/systemd/system/timers.target.wants/update-route53.timer";
  for (const [what, path, breakIt] of [
    ["gone", HOOK, (path: string) => rmSync(path)],
    ["changed", HOOK, (path: string) => writeFileSync(path, `${readFileSync(path, "utf8")}# mine\n`)],
    ["passed over, because it cannot be executed", HOOK, (path: string) => chmodSync(path, 0o644)],
    ["masked", link, mask],
  ] as const) {
    test(`one of which is ${what}`, async () => {
      const root = await createDevice();
      breakIt(join(root, path));
      const found = `of 5 files, 1 are not as this version installs them: ${path}`;
      const fix = '"update-route53 install", with --force over what was changed';
      assert.is(told(root), `warning  hooks: ${found} - to do: ${fix}`);
    });
  }

  for (const [what, breakIt] of [
    ["is not there", (path: string) => rmSync(path)],
    ["cannot be executed", (path: string) => chmodSync(path, 0o644)],
  ] as const) {
    test(`that start a program which ${what}, whatever else is wrong`, async () => {
      const root = await createDevice();
      breakIt(join(root, AGENT));
      rmSync(join(root, HOOK));
      const fix = 'put it there and chmod 755 it, or say "update-route53 install" where it is';
      const found = `they start ${AGENT}, which is no program that can be executed`;
      assert.is(told(root), `problem  hooks: ${found} - to do: ${fix}`);
    });
  }

  test("and hides where the program is, where a person has chosen it", () => {
    const facts = { fileCount: 1, different: [], isProgram: true };
    assert.equal(judgeHooks({ ...facts, agent: "/home/someone/ddns" }).names, ["/home/someone/ddns"]);
    assert.equal(judgeHooks({ ...facts, agent: "/usr/local/bin/update-route53" }).names, []);
  });
});
