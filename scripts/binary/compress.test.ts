import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { assert, describe } from "../describe.ts";
import { findProgram, runQuietly } from "./command.ts";
import { gzip, xz } from "./compress.ts";

const folder = mkdtempSync(join(tmpdir(), "compress-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const program = join(folder, "program");
writeFileSync(program, "of a program", { mode: 0o755 });
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("what is compressed for the download", (test) => {
  test("is no program itself, by gzip", async () => {
    mkdirSync(join(folder, "out"));
    const path = await gzip(program, join(folder, "out"));
    assert.equal([path, modeOf(path)], [join(folder, "out", "program.gz"), "644"]);
    assert.is(gunzipSync(readFileSync(path)).toString(), "of a program");
  });

  test.unless(findProgram("xz") ? undefined : "there is no xz", "nor by xz", async () => {
    const path = (await xz(program)) ?? "";
    assert.equal([path, modeOf(path)], [`${program}.xz`, "644"]);
    assert.is(runQuietly(["xz", "--decompress", "--stdout", path]), "of a program");
  });
});
