import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../describe.ts";
import { stripElf } from "./strip.ts";

const folder = mkdtempSync(join(tmpdir(), "strip-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const notElf = process.platform === "linux" ? undefined : "the executables of this machine are no ELF files";

describe("stripElf", (test) => {
  test.unless(notElf, "leaves a Node that runs, and is a tenth smaller", () => {
    const whole = readFileSync(process.execPath);
    const stripped = stripElf(whole);
    assert.ok(stripped.length < whole.length * 0.9, `${stripped.length} of ${whole.length} bytes`);
    const path = join(folder, "node");
    writeFileSync(path, stripped, { mode: 0o755 });
    assert.is(spawnSync(path, ["-p", "6 * 7"], { encoding: "utf8" }).stdout, "42\n");
    assert.equal(stripElf(stripped), stripped);
  });

  test("refuses what it does not know", () => {
    assert.throws(() => stripElf(Buffer.alloc(64)), /^expected a 64-bit little-endian ELF file$/);
  });
});
