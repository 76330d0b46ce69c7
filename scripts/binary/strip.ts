// Takes the symbols and the debugging information out of an executable, for any machine, without its tools.

/** 64-bit little-endian ELF: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const MAGIC = 0x7f454c46;
const IDENT_64_BIT_LITTLE_ENDIAN = 0x0201;
const HEADER = { programs: 0x20, sections: 0x28, sectionSize: 0x3a, sectionCount: 0x3c, namesIndex: 0x3e };
const PROGRAM_SIZE = 56;
const PT_LOAD = 1;
const SECTION_SIZE = 64;
const SECTION = { flags: 0x08, offset: 0x18, size: 0x20 };
const SHF_ALLOC = 2n;

/**
 * The executable without the sections that are not loaded when it runs: what `strip` leaves, byte for byte the
 * same wherever it is made. What is loaded stays where it is.
 * @throws where the file is not laid out as linkers do, loaded sections first
 */
export function stripElf(elf: Buffer): Buffer {
  if (elf.readUInt32BE(0) !== MAGIC || elf.readUInt16BE(4) !== IDENT_64_BIT_LITTLE_ENDIAN) {
    throw new Error("expected a 64-bit little-endian ELF file");
  }
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
  movedNames.writeBigUInt64LE(BigInt(namesAt), SECTION.offset);

  const header = Buffer.from(elf.subarray(0, namesAt));
  header.writeBigUInt64LE(BigInt(tableAt), HEADER.sections);
  header.writeUInt16LE(loaded.length + 2, HEADER.sectionCount);
  header.writeUInt16LE(loaded.length + 1, HEADER.namesIndex);
  const gap = Buffer.alloc(tableAt - namesAt - nameBytes.length);
  return Buffer.concat([header, nameBytes, gap, first, ...loaded, movedNames]);
}

function readSections(elf: Buffer): readonly Buffer[] {
  const at = Number(elf.readBigUInt64LE(HEADER.sections));
  const count = elf.readUInt16LE(HEADER.sectionCount);
  return Array.from({ length: count }, (_, index) =>
    elf.subarray(at + index * SECTION_SIZE, at + (index + 1) * SECTION_SIZE),
  );
}

const isLoaded = (section: Buffer) => (section.readBigUInt64LE(SECTION.flags) & SHF_ALLOC) !== 0n;

function bytesOf(elf: Buffer, section: Buffer): Buffer {
  const offset = Number(section.readBigUInt64LE(SECTION.offset));
  return elf.subarray(offset, offset + Number(section.readBigUInt64LE(SECTION.size)));
}

/** Where the last byte that the kernel or the loader maps is followed by what only tools read. */
function endOfLoaded(elf: Buffer): number {
  const at = Number(elf.readBigUInt64LE(HEADER.programs));
  const count = elf.readUInt16LE(0x38);
  const ends = Array.from({ length: count }, (_, index) => {
    const program = elf.subarray(at + index * PROGRAM_SIZE, at + (index + 1) * PROGRAM_SIZE);
    if (program.readUInt32LE(0) !== PT_LOAD) return 0;
    return Number(program.readBigUInt64LE(0x08) + program.readBigUInt64LE(0x20));
  });
  return Math.max(...ends);
}
