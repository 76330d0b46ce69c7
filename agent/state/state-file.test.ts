import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { emptyState, encodeState } from "./state.ts";
import { loadState, saveState } from "./state-file.ts";

const folder = mkdtempSync(join(tmpdir(), "state-file-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

describe("saveState", (test) => {
  test("replaces what a process that died has left, and writes through no link", () => {
    const victim = join(folder, "victim");
    writeFileSync(victim, "precious");
    const directory = mkdtempSync(join(folder, "d-"));
    symlinkSync(victim, join(directory, "state.json.tmp"));
    assert.is(saveState(emptyState, directory, "d"), undefined);
    assert.is(readFileSync(victim, "utf8"), "precious");
    assert.equal(readdirSync(directory), ["state.json"]);
    assert.is(readFileSync(join(directory, "state.json"), "utf8"), encodeState(emptyState, "d"));
    assert.equal(loadState(directory, "d"), { state: emptyState });
  });
});
