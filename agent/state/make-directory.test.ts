import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { makeDirectory } from "./make-directory.ts";

const folder = mkdtempSync(join(tmpdir(), "directory-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

function codeOf(path: string): unknown {
  try {
    makeDirectory(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
  return undefined;
}

describe("makeDirectory", (test) => {
  test("makes a directory with those above it, and leaves one that is there", () => {
    const path = join(folder, "a", "b", "c");
    makeDirectory(path);
    assert.ok(statSync(path).isDirectory());
    writeFileSync(join(path, "file"), "");
    makeDirectory(path);
    assert.ok(existsSync(join(path, "file")));
  });

  test("takes a path relative to the working directory", () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      makeDirectory("relative/one");
    } finally {
      process.chdir(before);
    }
    assert.ok(existsSync(join(folder, "relative", "one")));
  });

  test("fails below a file, and for a link that leads nowhere", () => {
    writeFileSync(join(folder, "file"), "");
    assert.is(codeOf(join(folder, "file", "a")), "ENOTDIR");
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    assert.is(codeOf(join(folder, "link")), "EEXIST");
  });

  const noProc = existsSync("/proc/self") ? undefined : "there is no /proc";
  test.unless(noProc, "ends where the system says that its parent is not there, although it is", () => {
    assert.is(codeOf("/proc/nosuch/directory"), "ENOENT");
  });
});
