import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert, describe } from "./describe.ts";

const runner = fileURLToPath(new URL("test.ts", import.meta.url));
const wrapper = JSON.stringify(new URL("describe.ts", import.meta.url).href);
const PASSING = `import { describe } from ${wrapper}; describe("x", (t) => t("y", () => {}));`;

/** Runs the runner over the given test files alone; its exit code and last line. */
function runFiles(texts: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "runner-"));
  mkdirSync(join(folder, "agent"));
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, "agent", `${index}.test.ts`), text);
  const { status, stdout } = spawnSync(process.execPath, [runner], { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return `${status} ${stdout.trim().split("\n").at(-1)}`;
}

describe("the test runner", (test) => {
  const cases: [string, string[], string][] = [
    ["passes where all pass", [PASSING, PASSING], "0 2 passed, 0 failed, 0 skipped"],
    ["fails where there is nothing to run", [], "1 0 passed, 0 failed, 0 skipped"],
    ["fails for a file that is empty", [PASSING, ""], "1 1 passed, 1 failed, 0 skipped"],
    ["fails for a file without the wrapper", [PASSING, "console.log(1);"], "1 1 passed, 1 failed, 0 skipped"],
    [
      "fails for a file that cannot be loaded",
      [PASSING, 'import "./none.ts";'],
      "1 1 passed, 1 failed, 0 skipped",
    ],
    [
      "fails for a test that fails",
      [PASSING, PASSING.replace("() => {}", "() => { throw new Error(); }")],
      "1 1 passed, 1 failed, 0 skipped",
    ],
    [
      "fails for a file whose process ends badly after its tests",
      [PASSING, `${PASSING} process.on("exit", () => { process.exitCode = 3; });`],
      "1 2 passed, 1 failed, 0 skipped",
    ],
  ];
  for (const [name, texts, expected] of cases) test(name, () => assert.is(runFiles(texts), expected));
});
