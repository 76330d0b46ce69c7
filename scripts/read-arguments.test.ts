import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert, describe } from "./describe.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "arguments-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** Runs a script in an empty folder, which must stay so. */
function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(readdirSync(folder), []);
  return { status, stdout, stderr };
}

const named = Object.entries<string>(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts);
/** The scripts of package.json that are ours, as they are typed. */
const scripts = named.flatMap(([name, line]): (readonly [command: string, script: string])[] => {
  const [, script] = /^node scripts\/setup\.mjs (scripts\/\S+\.ts)$/.exec(line) ?? [];
  const command = ["start", "test"].includes(name) ? `npm ${name}` : `npm run ${name}`;
  return script === undefined ? [] : [[command, script]];
});

describe("the arguments of the npm scripts", (test) => {
  test("are read of all that package.json has, but for those of others", () => {
    const ours = new Set(scripts.map(([command]) => command.split(" ").at(-1)));
    const others = named.map(([name]) => name).filter((name) => !ours.has(name));
    assert.equal(others, ["check", "format"]);
  });

  for (const [command, script] of scripts) {
    test(`of ${command}: --help says what they are, and starts nothing`, () => {
      const { status, stdout, stderr } = run(script, "--help");
      assert.equal([status, stderr], [0, ""]);
      // npm itself takes the flags that stand before `--`, so all are behind it, in one pair of brackets.
      assert.match(stdout, new RegExp(`^${command}(?: \\[-- (?:[^[\\]]|\\[[^[\\]]+\\])+\\])?\n`));
      const lines = stdout.trimEnd().split("\n");
      assert.ok(lines.length > 1 && lines.every((line) => line.length <= 120), stdout);
    });

    test(`of ${command}: an unknown flag is refused in one line`, () => {
      const { status, stdout, stderr } = run(script, "--nosuch=1");
      assert.equal([status, stdout], [64, ""]);
      const told = new RegExp(`^${command}: expected (?:--[a-z-]+, )*--help, got "--nosuch"\n$`);
      assert.match(stderr, told);
    });
  }

  test("are refused where there are too many, or one has no value", () => {
    const build = (...args: string[]) => run("scripts/build.ts", ...args).stderr;
    assert.is(build("a", "b"), 'npm run build: unexpected argument "b"\n');
    assert.is(build("--quick=yes"), "npm run build: Option '--quick' does not take an argument\n");
    assert.is(
      run("scripts/simulate/main.ts", "--seconds").stderr,
      "npm run simulate: Option '--seconds <value>' argument missing\n",
    );
    assert.is(
      run("scripts/simulate/main.ts", "--seconds", "0").stderr,
      "npm run simulate: expected --seconds from 1 to 86400, --most from 1 to 1000000, --batch-size from 1 to 10000\n",
    );
  });
});
