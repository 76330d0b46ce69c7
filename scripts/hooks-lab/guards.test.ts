// What changes the system that it runs in does nothing where a person types it.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe } from "../describe.ts";

const FOLDER = import.meta.dirname;
const NOBODY = 65_534;
/** What a scenario begins with: that has a guard itself. */
const SOURCES_LAB = '. "$CHECKOUT/scripts/hooks-lab/lab.sh"';
/** It is the binary in a sandbox, and only writes into a folder that is not there else. */
const HARMLESS = "recording-agent.sh";

describe("a shell script of the labs", (test) => {
  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".sh") && each !== HARMLESS)) {
    const text = readFileSync(join(FOLDER, name), "utf8");
    const first = text.split("\n").find((line) => !line.startsWith("#"));
    if (first === SOURCES_LAB) continue;
    test(`refuses to run outside of one: ${name}`, () => {
      // Without a guard, it would do its work. Nobody may.
      const nobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
      const options = { ...nobody, cwd: "/", env: { PATH: process.env.PATH }, encoding: "utf8" } as const;
      const { status, stdout, stderr } = spawnSync("/bin/sh", ["-s"], { ...options, input: text });
      assert.ok(status !== 0);
      assert.is(stdout, "");
      assert.match(stderr, /^.*: only in a sandbox, .*\n$/);
    });
  }
});
