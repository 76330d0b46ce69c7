import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAgent } from "./build-agent.ts";
import { assert, describe } from "./describe.ts";

const folder = mkdtempSync(join(tmpdir(), "build-agent-"));
const launcher = await buildAgent(join(folder, "agent"));
const dryRun = [
  "update",
  "--domain",
  "home.example.com",
  "--ip",
  "1.2.3.4",
  "--dry-run",
  "--config",
  "/dev/null",
];

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    encoding: "utf8",
    env: {},
  });
  return { status, stdout, stderr };
}

describe("the bundled agent", (test) => {
  test.after(() => rmSync(folder, { recursive: true }));
  const record = /^{"StreamName":"update-route53","Data":.*"PartitionKey":"home\.example\.com"}\n$/;

  test("works as its source does", () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    const told = run("--version");
    assert.match(told.stdout, /^(\S+) \(commit [0-9a-f]{12}(\+changes)? of \d{4}-\d\d-\d\d\)\n$/);
    assert.is(told.stdout.split(" ")[0], version);
    assert.is(told.stderr, "");
    assert.match(run(...dryRun).stdout, record);
    assert.match(run("update", "--help").stdout, /--partition-key/);
    assert.is(run("ip", "--config", "/dev/null", "--check-url", "dns://127.0.0.1:1/a.b").status, 69);
    assert.is(run("ip", "--config", "/dev/null", "--check-url", "http://127.0.0.1:1/").status, 69);
  });

  test("starts from code that V8 has kept", () => {
    for (const part of ["always", "rest"]) {
      assert.ok(readFileSync(join(folder, "agent", `${part}.cache`)).length > 50_000, part);
    }
    const script = `
      const { Script } = require("node:vm"); const { readFileSync } = require("node:fs");
      const filename = process.argv[1] + "/always.js";
      const cachedData = readFileSync(process.argv[1] + "/always.cache");
      console.log(new Script(readFileSync(filename, "latin1"), { filename, cachedData }).cachedDataRejected);`;
    const { stdout } = spawnSync(process.execPath, ["-e", script, join(folder, "agent")], {
      encoding: "utf8",
    });
    assert.is(stdout, "false\n");
  });

  test("reads nothing of the AWS SDK before it is needed", () => {
    const rest = join(folder, "agent", "rest.js");
    const text = readFileSync(rest);
    writeFileSync(rest, "throw new Error('was read')");
    assert.is(run("--version").status, 0);
    assert.is(run(...dryRun).status, 70);
    writeFileSync(rest, text);
  });

  test("works with a code cache that is damaged or gone, only slower", () => {
    writeFileSync(join(folder, "agent", "always.cache"), "damaged");
    rmSync(join(folder, "agent", "rest.cache"));
    assert.match(run(...dryRun).stdout, record);
  });
});
