import { createHash, randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE_NAME = "instance.key";

/**
 * What the processes of one state directory, and no other user of the machine, know: the name of their
 * socket comes from it, and every message carries it. Abstract sockets have no permissions of their own.
 * @returns undefined where the directory can be neither read nor written
 */
export function loadInstanceKey(directory: string): string | undefined {
  const path = join(directory, FILE_NAME);
  return read(path) ?? create(directory, path);
}

function read(path: string): string | undefined {
  try {
    // One that others could read, or have made, is no secret.
    if ((statSync(path).mode & 0o077) !== 0) unlinkSync(path);
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Makes the file whole and at once; where two processes try, both then read the one that was first. */
function create(directory: string, path: string): string | undefined {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(temporary, `${randomBytes(16).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(temporary, 0o600);
    linkSync(temporary, path);
  } catch {
    // Another process was first, or nothing can be written here: reading tells.
  }
  try {
    unlinkSync(temporary);
  } catch {
    // It was never made.
  }
  return read(path);
}

/** The name of the socket: without a key, of the directory and the user. */
export function instanceName(directory: string, key: string | undefined): string {
  const seed = key ?? `${directory}\n${process.getuid?.() ?? ""}`;
  return `update-route53-${createHash("sha256").update(`name\n${seed}`).digest("hex").slice(0, 32)}`;
}
