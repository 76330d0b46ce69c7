import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Writes a file whole, or not at all. */
export function writeWhole(path: string, text: string, mode: number): void {
  replaceBy(path, (temporary) => {
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(file, text);
      // The last thing: whoever runs what it finds executable, finds it whole.
      fchmodSync(file, mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

export function writeLink(path: string, target: string): void {
  replaceBy(path, (temporary) => symlinkSync(target, temporary));
}

/** Makes something under a name that begins with a dot, which nothing that runs all of a directory looks at. */
function replaceBy(path: string, make: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    make(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes a directory that others can read, whatever the umask is. */
export function makeDirectory(path: string): void {
  mkdirSync(path);
  chmodSync(path, 0o755);
}

export function removeFile(path: string): void {
  // rmSync keeps to itself why it could not.
  if (lstatSync(path, { throwIfNoEntry: false })) unlinkSync(path);
}

export function removeTree(path: string): void {
  rmSync(path, { force: true, recursive: true });
}

/** @returns whether it is gone; one that is not empty stays */
export function removeDirectoryIfEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

const LONGEST_COMMAND_MS = 60_000;

/** @returns how it ended, or undefined where it ended well */
export function runCommand([program = "", ...args]: readonly string[]): string | undefined {
  const { status, signal, error } = spawnSync(program, args, {
    stdio: "ignore",
    timeout: LONGEST_COMMAND_MS,
  });
  if (error) return "code" in error ? String(error.code) : error.message;
  if (signal !== null) return signal;
  return status === 0 ? undefined : `exit code ${status}`;
}
