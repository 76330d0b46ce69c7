// The tables of a 64-bit little-endian ELF file: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html

const MAGIC = 0x7f454c46;
const IDENT_64_BIT_LITTLE_ENDIAN = 0x0201;
export const HEADER = {
  programs: 0x20,
  sections: 0x28,
  programCount: 0x38,
  sectionCount: 0x3c,
  namesIndex: 0x3e,
};

export const PROGRAM_SIZE = 56;
export const PROGRAM = {
  type: 0,
  offset: 0x08,
  address: 0x10,
  physicalAddress: 0x18,
  size: 0x20,
  memorySize: 0x28,
};
export const PT = { load: 1, dynamic: 2, interpreter: 3, table: 6 };

const SECTION_SIZE = 64;
export const SECTION = { type: 0x04, flags: 0x08, offset: 0x18, size: 0x20 };
export const SHT_DYNAMIC = 6;
export const SHF_ALLOC = 2n;

/** The headers of what the kernel maps, in the memory of the file itself. */
export function readPrograms(elf: Buffer): readonly Buffer[] {
  checkKind(elf);
  return readTable(elf, numberAt(elf, HEADER.programs), elf.readUInt16LE(HEADER.programCount), PROGRAM_SIZE);
}

/** The headers of what tools see, in the memory of the file itself. */
export function readSections(elf: Buffer): readonly Buffer[] {
  checkKind(elf);
  return readTable(elf, numberAt(elf, HEADER.sections), elf.readUInt16LE(HEADER.sectionCount), SECTION_SIZE);
}

/** A field that holds an address, an offset or a size. */
export const numberAt = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));

export const writeNumber = (bytes: Buffer, value: number, at: number): void =>
  void bytes.writeBigUInt64LE(BigInt(value), at);

export const bytesOf = (elf: Buffer, section: Buffer): Buffer => {
  const offset = numberAt(section, SECTION.offset);
  return elf.subarray(offset, offset + numberAt(section, SECTION.size));
};

function checkKind(elf: Buffer): void {
  if (elf.readUInt32BE(0) !== MAGIC || elf.readUInt16BE(4) !== IDENT_64_BIT_LITTLE_ENDIAN)
    throw new Error("expected a 64-bit little-endian ELF file");
}

function readTable(elf: Buffer, at: number, count: number, size: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    elf.subarray(at + index * size, at + (index + 1) * size),
  );
}
