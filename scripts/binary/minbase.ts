// A bare Debian, for any machine: the first stage of `debootstrap --variant=minbase`.
//   node scripts/binary/minbase.ts ARCHITECTURE FOLDER
import { existsSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { runQuietly } from "./command.ts";

/** The oldest release that the binaries are tested on. */
const SUITE = "bookworm";

/**
 * Unpacks the packages of a minimal Debian, and configures none: that would take the machine or its emulator, and
 * minutes, and a binary needs the files only. Does nothing where the folder exists already.
 */
export function createMinbase(debian: string, folder: string): void {
  if (existsSync(folder)) return;
  const turn = `${folder}.${process.pid}`;
  try {
    runQuietly(["debootstrap", "--variant=minbase", "--foreign", `--arch=${debian}`, SUITE, turn]);
    rmSync(join(turn, "var", "cache", "apt", "archives"), { recursive: true });
    renameSync(turn, folder);
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [, , debian = "", folder = ""] = process.argv;
  createMinbase(debian, resolve(folder));
}
