import { existsSync, readFileSync } from "node:fs";
import { assert, describe } from "../describe.ts";
import { builtPath, whyNotBuilt } from "./built.ts";
import { numberAt, PROGRAM, PT, readPrograms } from "./elf.ts";
import { setLoader } from "./loader.ts";
import { targets } from "./targets.ts";

const own = { loader: "/home/lib/ld-linux-aarch64.so.1", libraryFolder: "/home/lib" };
const noRoom = /^expected 42 empty bytes behind the table of program headers$/;
/** The two texts, and the fields that say where they are. */
const MOST_CHANGED_BYTES = 42 + 32;

const programsOf = (elf: Buffer, type: number) =>
  readPrograms(elf).filter((program) => program.readUInt32LE(PROGRAM.type) === type);

describe("setLoader", (test) => {
  for (const target of targets) {
    const path = builtPath(target);
    const why = whyNotBuilt() ?? (existsSync(path) ? undefined : `there is no ${target.arch} binary`);
    test.unless(why, `names a loader in the ${target.arch} binary, and moves nothing`, () => {
      const binary = readFileSync(path);
      const changed = setLoader(binary, own);
      assert.is(changed.length, binary.length);
      let count = 0;
      for (let at = 0; at < binary.length; at += 1) if (binary[at] !== changed[at]) count += 1;
      assert.ok(count > 0 && count <= MOST_CHANGED_BYTES, `${count} bytes`);
      assert.equal(programsOf(changed, PT.load), programsOf(binary, PT.load));
      const [named] = programsOf(changed, PT.interpreter).map((program) => {
        const at = numberAt(program, PROGRAM.offset);
        return changed.toString("utf8", at, at + numberAt(program, PROGRAM.size));
      });
      assert.is(named, `${own.loader}\0`);
      assert.throws(() => setLoader(changed, own), noRoom);
    });
  }

  const notElf =
    process.platform === "linux" ? undefined : "the executables of this machine are no ELF files";
  test.unless(notElf, "refuses a Node in which pkg has made no room", () => {
    assert.throws(() => setLoader(readFileSync(process.execPath), own), noRoom);
  });
});
