import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "./describe.ts";

const wrapper = JSON.stringify(new URL("describe.ts", import.meta.url).href);

/** Runs the text as a test file of its own. */
function runTestFile(text: string): { exitCode: number | null; lastLine: string; output: string } {
  const folder = mkdtempSync(join(tmpdir(), "describe-"));
  const file = join(folder, "a.test.ts");
  writeFileSync(file, `import { assert, describe } from ${wrapper};\n${text}`);
  const { status, stdout } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return { exitCode: status, lastLine: stdout.trim().split("\n").at(-1) ?? "", output: stdout };
}

describe("describe", (test) => {
  const cases: [string, string, number, string][] = [
    [
      "passes a suite whose tests pass",
      `describe("x", (t) => t("y", () => {}));`,
      0,
      "1 passed, 0 failed, 0 skipped",
    ],
    ["fails a file without a suite", "", 1, "0 passed, 1 failed, 0 skipped"],
    ["fails a suite without a test", `describe("x", () => {});`, 1, "0 passed, 1 failed, 0 skipped"],
    [
      "fails on a false assertion",
      `describe("x", (t) => { t("y", () => assert.is(1, 2)); t("z", () => {}); });`,
      1,
      "1 passed, 1 failed, 0 skipped",
    ],
    [
      "fails a file that exits before its tests end",
      `describe("x", (t) => { t("y", () => process.exit(0)); t("z", () => {}); });`,
      1,
      "0 passed, 1 failed, 0 skipped",
    ],
    [
      "fails when an error of another text is thrown",
      `describe("x", (t) => t("y", () => assert.throws(() => { throw new Error("b"); }, /^a$/)));`,
      1,
      "0 passed, 1 failed, 0 skipped",
    ],
    [
      "fails when a promise that should be rejected is kept",
      `describe("x", (t) => t("y", () => assert.rejects(Promise.resolve(), /a/)));`,
      1,
      "0 passed, 1 failed, 0 skipped",
    ],
  ];
  for (const [name, text, exitCode, lastLine] of cases) {
    test(name, () => {
      const result = runTestFile(text);
      assert.is(result.exitCode, exitCode);
      assert.is(result.lastLine, lastLine);
    });
  }

  test("tells and counts what it skips", () => {
    const result = runTestFile(`describe("x", (t) => t.unless("needs root", "y", () => {}));`);
    assert.is(result.exitCode, 0);
    assert.is(result.lastLine, "0 passed, 0 failed, 1 skipped");
    assert.match(result.output, /^SKIPPED x y: needs root$/m);
  });
});
