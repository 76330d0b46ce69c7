// Compressed files for the download, the same bytes wherever they are made.
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { findProgram, runQuietly } from "./command.ts";

/** Writes `PATH.gz`, and `PATH.xz` where the `xz` command is installed. Gives the paths written. */
export async function compress(path: string): Promise<readonly string[]> {
  await pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(`${path}.gz`));
  const xz = findProgram("xz");
  if (xz === undefined) return [`${path}.gz`];
  // More threads would cut the file in blocks. Level 9 takes twice as long and ten times the memory for 2 % less.
  runQuietly([xz, "--keep", "--force", "-6", "--threads=1", path]);
  return [`${path}.gz`, `${path}.xz`];
}

export const sizeOf = (path: string): number => statSync(path).size;
