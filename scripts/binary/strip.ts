// Takes the symbols and the debugging information out of an executable, for any machine, without its tools.
import {
  bytesOf,
  HEADER,
  numberAt,
  PROGRAM,
  PT,
  readPrograms,
  readSections,
  SECTION,
  SHF_ALLOC,
  writeNumber,
} from "./elf.ts";

/**
 * The executable without the sections that are not loaded when it runs: what `strip` leaves, byte for byte the
 * same wherever it is made. What is loaded stays where it is.
 * @throws where the file is not laid out as linkers do, loaded sections first
 */
export function stripElf(elf: Buffer): Buffer {
  const sections = readSections(elf);
  const loaded = sections.filter(isLoaded);
  // Sections refer to each other by number.
  if (sections.slice(1, loaded.length + 1).some((section) => !isLoaded(section))) {
    throw new Error("expected the sections that are loaded before those that are not");
  }
  const names = sections[elf.readUInt16LE(HEADER.namesIndex)];
  const first = sections[0];
  if (!names || !first) throw new Error("expected sections with names");
  const nameBytes = bytesOf(elf, names);
  const namesAt = endOfLoaded(elf);
  const tableAt = Math.ceil((namesAt + nameBytes.length) / 8) * 8;
  const movedNames = Buffer.from(names);
  writeNumber(movedNames, namesAt, SECTION.offset);

  const header = Buffer.from(elf.subarray(0, namesAt));
  writeNumber(header, tableAt, HEADER.sections);
  header.writeUInt16LE(loaded.length + 2, HEADER.sectionCount);
  header.writeUInt16LE(loaded.length + 1, HEADER.namesIndex);
  const gap = Buffer.alloc(tableAt - namesAt - nameBytes.length);
  return Buffer.concat([header, nameBytes, gap, first, ...loaded, movedNames]);
}

const isLoaded = (section: Buffer) => (section.readBigUInt64LE(SECTION.flags) & SHF_ALLOC) !== 0n;

/** Where the last byte that the kernel or the loader maps is followed by what only tools read. */
function endOfLoaded(elf: Buffer): number {
  const loads = readPrograms(elf).filter((program) => program.readUInt32LE(PROGRAM.type) === PT.load);
  return Math.max(...loads.map((load) => numberAt(load, PROGRAM.offset) + numberAt(load, PROGRAM.size)));
}
