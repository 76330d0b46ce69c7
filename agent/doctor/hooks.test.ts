import { readFileSync, rmSync, writeFileSync } from "node:fs";
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
    assert.is(told(root), `ok       hooks: 5 files as installed; they start ${AGENT}`);
    await uninstall(root);
    assert.is(told(root), NONE);
  });

  for (const [what, breakIt] of [
    ["gone", (path: string) => rmSync(path)],
    ["changed", (path: string) => writeFileSync(path, `${readFileSync(path, "utf8")}# mine\n`)],
  ] as const) {
    test(`one of which is ${what}`, async () => {
      const root = await createDevice();
      breakIt(join(root, HOOK));
      const found = `of 5 files as installed, 1 are gone or changed: ${HOOK}`;
      const fix = 'say "update-route53 install" again, which overrules changes with --force';
      assert.is(told(root), `warning  hooks: ${found} - to do: ${fix}`);
    });
  }

  test("that start a program which is not there", async () => {
    const root = await createDevice();
    rmSync(join(root, AGENT));
    const fix = 'from where the program is, say "update-route53 install" again';
    const found = `they start ${AGENT}, and there is no such file`;
    assert.is(told(root), `problem  hooks: ${found} - to do: ${fix}`);
  });

  test("and hides where the program is, where a person has chosen it", () => {
    const facts = { fileCount: 1, broken: [], isAgentThere: true };
    assert.equal(judgeHooks({ ...facts, agent: "/home/someone/ddns" }).names, ["/home/someone/ddns"]);
    assert.equal(judgeHooks({ ...facts, agent: "/usr/local/bin/update-route53" }).names, []);
  });
});
