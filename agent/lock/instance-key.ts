import { createHash, randomBytes } from "node:crypto";
import { linkSync, rmSync } from "node:fs";
import { createPrivateFile } from "../publish/key-file.ts";
import { makeDirectory } from "../state/make-directory.ts";
import { instanceKeyPath, publicName, readInstanceKey } from "./holder.ts";

/**
 * What the processes of one state directory, and no other user of the machine, know: the name of their
 * socket comes from it, and every message proves it. Abstract sockets have no permissions of their own.
 * @returns undefined where the directory can be neither read nor written, or the key is another user's
 */
export function loadInstanceKey(directory: string): string | undefined {
  return readInstanceKey(directory) ?? create(directory);
}

/** Makes the file whole and at once; where two processes try, both then read the one that was first. */
function create(directory: string): string | undefined {
  const path = instanceKeyPath(directory);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    makeDirectory(directory);
    // Of a process with the same number, which died here.
    rmSync(temporary, { force: true });
    // On the disk before it has its name: no power cut leaves an empty one.
    createPrivateFile(temporary, `${randomBytes(32).toString("hex")}\n`);
    linkSync(temporary, path);
  } catch {
    // Another process was first, or nothing can be written here: reading tells.
  }
  try {
    rmSync(temporary, { force: true });
  } catch {
    // Nothing can be written here.
  }
  return readInstanceKey(directory);
}

/** The name of the socket: without a key, of the directory and the user. */
export function instanceName(directory: string, key: string | undefined): string {
  if (key !== undefined) return publicName(key);
  const seed = `name\n${directory}\n${process.getuid?.() ?? ""}`;
  return `update-route53-${createHash("sha256").update(seed).digest("hex").slice(0, 32)}`;
}
