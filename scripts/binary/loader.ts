// Names another loader and the folder of its libraries in a finished binary, without moving anything.
// patchelf would rewrite the tables of names and add a segment: since its 0.17 (Debian 13 has 0.18) what it makes of
// Node ends with a segmentation fault.
import {
  bytesOf,
  numberAt,
  PROGRAM,
  PROGRAM_SIZE,
  PT,
  readPrograms,
  readSections,
  SECTION,
  SHT_DYNAMIC,
  writeNumber,
} from "./elf.ts";

const DYNAMIC_SIZE = 16;
const DYNAMIC_VALUE = 8;
/** https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html */
const DT = { end: 0, names: 5, namesSize: 10, libraryPath: 15, laterLibraryPath: 29 };

export interface Loader {
  /** Absolute paths on the device. */
  readonly loader: string;
  readonly libraryFolder: string;
}

/**
 * The binary with these, and else the same, byte for byte. The texts go behind the table of program headers: pkg has
 * moved that to where there is room, and where it is mapped.
 * The folder is a DT_RPATH and no DT_RUNPATH: the loader looks there before the folders of LD_LIBRARY_PATH, in which a
 * router has musl's libraries, or others of GNU. Where both are, it does not look at the first.
 * @throws where the binary is not laid out like that, or has one of the two
 */
export function setLoader(binary: Buffer, { loader, libraryFolder }: Loader): Buffer {
  const elf = Buffer.from(binary);
  const programs = readPrograms(elf);
  const [interpreter, dynamic] = [findProgram(programs, PT.interpreter), findProgram(programs, PT.dynamic)];
  const room = findRoom(programs);
  const [loaderText, folderText] = [Buffer.from(`${loader}\0`), Buffer.from(`${libraryFolder}\0`)];
  const texts = Buffer.concat([loaderText, folderText]);
  if (room.size < texts.length || elf.subarray(room.offset, room.offset + texts.length).some(Boolean))
    throw new Error(`expected ${texts.length} empty bytes behind the table of program headers`);
  texts.copy(elf, room.offset);

  writeNumber(interpreter, room.offset, PROGRAM.offset);
  for (const field of [PROGRAM.address, PROGRAM.physicalAddress])
    writeNumber(interpreter, room.address, field);
  for (const field of [PROGRAM.size, PROGRAM.memorySize]) writeNumber(interpreter, loaderText.length, field);

  const end = addLibraryPath(elf, room.address + loaderText.length, folderText.length);
  for (const field of [PROGRAM.size, PROGRAM.memorySize]) writeNumber(dynamic, end, field);
  return elf;
}

function findProgram(programs: readonly Buffer[], type: number): Buffer {
  const found = programs.find((program) => program.readUInt32LE(PROGRAM.type) === type);
  if (!found) throw new Error(`expected a program header of type ${type}, found none`);
  return found;
}

function findRoom(programs: readonly Buffer[]) {
  const table = findProgram(programs, PT.table);
  const used = programs.length * PROGRAM_SIZE;
  return {
    offset: numberAt(table, PROGRAM.offset) + used,
    address: numberAt(table, PROGRAM.address) + used,
    size: numberAt(table, PROGRAM.size) - used,
  };
}

/** Takes one of the entries that linkers leave empty at the end; gives the size of those that are in use then. */
function addLibraryPath(elf: Buffer, address: number, length: number): number {
  const section = readSections(elf).find((each) => each.readUInt32LE(SECTION.type) === SHT_DYNAMIC);
  if (!section) throw new Error("expected a dynamic section, found none");
  const bytes = bytesOf(elf, section);
  const entries = Array.from({ length: bytes.length / DYNAMIC_SIZE }, (_, index) =>
    bytes.subarray(index * DYNAMIC_SIZE, (index + 1) * DYNAMIC_SIZE),
  );
  const find = (tag: number) => entries.findIndex((entry) => numberAt(entry, 0) === tag);
  const end = find(DT.end);
  const [added, newEnd] = entries.slice(end);
  const [names, namesSize] = [entries[find(DT.names)], entries[find(DT.namesSize)]];
  const hasPath = [DT.libraryPath, DT.laterLibraryPath].some((tag) => find(tag) !== -1);
  if (!added || !newEnd || newEnd.some(Boolean) || !names || !namesSize || hasPath)
    throw new Error("expected an empty dynamic entry, and no path of libraries");
  const name = address - numberAt(names, DYNAMIC_VALUE);
  writeNumber(added, DT.libraryPath, 0);
  writeNumber(added, name, DYNAMIC_VALUE);
  // A loader need not look at it, but a name beyond it is none.
  writeNumber(namesSize, name + length, DYNAMIC_VALUE);
  return (end + 2) * DYNAMIC_SIZE;
}
