import { randomUUID } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** Only its owner may read it, from the first moment and whatever the umask is. */
const MODE = 0o600;

/**
 * Creates a file that only its owner can read, with all of its content or not at all.
 * @throws {NodeJS.ErrnoException} EEXIST where there is something already, a broken link too
 */
export function createPrivateFile(path: string, content: string): void {
  // O_EXCL: nobody can have prepared the file, or a link, to read it through.
  const file = openSync(path, "wx", MODE);
  try {
    try {
      // The umask can only have taken rights away.
      fchmodSync(file, MODE);
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  syncDirectory(path);
}

/**
 * The same where there may be a file: at every moment, the path leads to the whole old or the whole new one.
 * @throws {NodeJS.ErrnoException} EEXIST where there is anything but a file: a directory, a device, a link
 */
export function replacePrivateFile(path: string, content: string): void {
  const isOther = lstatSync(path, { throwIfNoEntry: false })?.isFile() === false;
  // To create it refuses, and says why.
  if (isOther) createPrivateFile(path, content);
  const temporary = `${path}.${randomUUID()}`;
  createPrivateFile(temporary, content);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(path);
}

/** fsync(2): a new name is on the disk once its directory is. Not every file system can, and the file is there. */
function syncDirectory(path: string): void {
  try {
    const directory = openSync(dirname(path), "r");
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch {}
}
