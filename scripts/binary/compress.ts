// Compressed files for the download, the same bytes wherever they are made.
import { spawn } from "node:child_process";
import { chmodSync, createReadStream, createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { findProgram } from "./command.ts";

/** Writes `NAME.gz` into a folder; gives its path. */
export async function gzip(path: string, folder: string): Promise<string> {
  const compressed = join(folder, `${basename(path)}.gz`);
  await pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(compressed));
  return asDocument(compressed);
}

/** Writes `PATH.xz`; gives its path, or undefined where there is no `xz` command. */
export async function xz(path: string): Promise<string | undefined> {
  const program = findProgram("xz");
  if (program === undefined) return undefined;
  // More threads would cut the file in blocks. Level 9 takes twice as long and ten times the memory for 2 % less.
  const child = spawn(program, ["--keep", "--force", "-6", "--threads=1", path], { stdio: "inherit" });
  const exitCode = await new Promise((ended) => child.once("close", ended));
  if (exitCode !== 0) throw new Error(`${program}: expected exit code 0 for ${path}, got ${exitCode}`);
  return asDocument(`${path}.xz`);
}

/** It is no program, whatever is in it: xz gives it the mode of that. */
function asDocument(path: string): string {
  chmodSync(path, 0o644);
  return path;
}
