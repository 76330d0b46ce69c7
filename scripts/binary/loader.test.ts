import { existsSync, readFileSync } from "node:fs";
import { assert, describe } from "../describe.ts";
import { builtPath, whyNotBuilt } from "./built.ts";
import {
  bytesOf,
  numberAt,
  PROGRAM,
  PT,
  readPrograms,
  readSections,
  SECTION,
  SHT_DYNAMIC,
  writeNumber,
} from "./elf.ts";
import { setLoader } from "./loader.ts";
import { targets } from "./targets.ts";

const own = { loader: "/home/lib/ld-linux-aarch64.so.1", libraryFolder: "/home/lib" };
const noRoom = /^expected 42 empty bytes behind the table of program headers$/;
/** The two texts, and the fields that say where they are. */
const MOST_CHANGED_BYTES = 42 + 32;

const programsOf = (elf: Buffer, type: number) =>
  readPrograms(elf).filter((program) => program.readUInt32LE(PROGRAM.type) === type);

const [DT_NULL, DT_STRTAB, DT_RPATH, DT_DEBUG, DT_RUNPATH] = [0, 5, 15, 21, 29];

/** The entries that the loader reads, in the memory of the file itself: each a tag and its value, 8 bytes both. */
function dynamicOf(elf: Buffer): readonly Buffer[] {
  const section = readSections(elf).find((each) => each.readUInt32LE(SECTION.type) === SHT_DYNAMIC);
  const bytes = section ? bytesOf(elf, section) : Buffer.alloc(0);
  const entries = Array.from({ length: bytes.length / 16 }, (_, at) =>
    bytes.subarray(16 * at, 16 * (at + 1)),
  );
  return entries.slice(
    0,
    entries.findIndex((entry) => numberAt(entry, 0) === DT_NULL),
  );
}

const withTag = (elf: Buffer, ...tags: readonly number[]) =>
  dynamicOf(elf).filter((entry) => tags.includes(numberAt(entry, 0)));

/** The paths of libraries in the binary, each with its tag, as the loader finds them in memory. */
function libraryPathsOf(elf: Buffer): readonly (readonly [tag: number, folder: string])[] {
  const [names] = withTag(elf, DT_STRTAB);
  return withTag(elf, DT_RPATH, DT_RUNPATH).map((entry) => {
    const address = numberAt(names ?? entry, 8) + numberAt(entry, 8);
    const load = programsOf(elf, PT.load).find((each) => {
      const past = address - numberAt(each, PROGRAM.address);
      return past >= 0 && past < numberAt(each, PROGRAM.size);
    });
    if (!load) throw new Error(`expected ${address} to be mapped`);
    const at = address - numberAt(load, PROGRAM.address) + numberAt(load, PROGRAM.offset);
    return [numberAt(entry, 0), elf.toString("utf8", at, elf.indexOf(0, at))];
  });
}

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
      assert.equal(libraryPathsOf(binary), []);
      assert.equal(libraryPathsOf(changed), [[DT_RPATH, own.libraryFolder]]);
      assert.throws(() => setLoader(changed, own), noRoom);
    });

    test.unless(why, `refuses an ${target.arch} binary that has a path of libraries, of either kind`, () => {
      for (const tag of [DT_RPATH, DT_RUNPATH]) {
        const binary = readFileSync(path);
        const [entry] = withTag(binary, DT_DEBUG);
        assert.ok(entry);
        writeNumber(entry, tag, 0);
        assert.throws(
          () => setLoader(binary, own),
          /^expected an empty dynamic entry, and no path of libraries$/,
        );
      }
    });
  }

  const notElf =
    process.platform === "linux" ? undefined : "the executables of this machine are no ELF files";
  test.unless(notElf, "refuses a Node in which pkg has made no room", () => {
    assert.throws(() => setLoader(readFileSync(process.execPath), own), noRoom);
  });
});
