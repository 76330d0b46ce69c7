// The command that writes a device's file, typed as the READMEs have it.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../scripts/describe.ts";

const folder = mkdtempSync(join(tmpdir(), "readme-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
const file = join(folder, "update-route53.toml");

/** The line of a README that reads the file of the device "attic". */
function commandOf(readme: string): string {
  const lines = readFileSync(new URL(readme, import.meta.url), "utf8").split("\n");
  const [command, ...more] = lines.filter((line) => line.includes("stack output --show-secrets"));
  assert.equal(more, []);
  return command ?? "";
}

/** Runs a line where `npx` does what the shell is told. */
function run(command: string, npx: string) {
  const program = join(folder, "npx");
  writeFileSync(program, `#!/bin/sh\n${npx}\n`);
  chmodSync(program, 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  return spawnSync("sh", ["-c", command], { cwd: folder, env });
}

describe("the file of a device", (test) => {
  for (const readme of ["README.md", "../README.md"]) {
    test(`stays where Pulumi fails, as ${readme} reads it`, () => {
      const command = commandOf(readme);
      rmSync(file, { force: true });
      assert.is(run(command, "echo new").status, 0);
      assert.is(readFileSync(file, "utf8"), "new\n");
      assert.is.not(run(command, "exit 255").status, 0);
      assert.is(readFileSync(file, "utf8"), "new\n");
    });
  }
});
