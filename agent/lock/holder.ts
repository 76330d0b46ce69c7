import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";

/** The first half is the public name of the socket, the second one the secret. */
const KEY = /^[0-9a-f]{64}$/;
const NAME_LENGTH = 32;

export const instanceKeyPath = (directory: string) => join(directory, "instance.key");

/**
 * Reads the key that the processes of one user share. One that is malformed (a power cut can leave it empty) or
 * that others could read is removed, to be made again; one of another user is never believed.
 * @returns undefined where there is none
 */
export function readInstanceKey(directory: string): string | undefined {
  const path = instanceKeyPath(directory);
  try {
    const { text, isOurs, isPrivate } = open(path);
    if (!isOurs) return undefined;
    if (isPrivate && KEY.test(text)) return text;
    unlinkSync(path);
  } catch {
    // There is none, or none that can be read.
  }
  return undefined;
}

function open(path: string) {
  // A link, or a pipe that nobody writes to, is no key.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { uid, mode } = fstatSync(file);
    const isOurs = uid === (process.geteuid?.() ?? uid);
    return { text: readFileSync(file, "utf8").trim(), isOurs, isPrivate: (mode & 0o077) === 0 };
  } finally {
    closeSync(file);
  }
}

/** The name of the socket, which everyone on the machine can see. */
export function publicName(key: string): string {
  return `update-route53-${key.slice(0, NAME_LENGTH)}`;
}

/** Linux has abstract sockets, which are no files; elsewhere, a file that tells whether its owner lives. */
export function socketAddress(directory: string, name: string, platform: string = process.platform): string {
  return platform === "linux" ? `\0${name}` : join(directory, `${name}.sock`);
}

/**
 * Whether a process may be at work on a state directory: false only where that is certain. Neither connects to
 * it nor hashes anything, because nearly every run asks this.
 */
export function mayBeHeld(directory: string): boolean {
  const key = readInstanceKey(directory);
  if (key === undefined) return true;
  const name = publicName(key);
  if (process.platform !== "linux") return existsSync(socketAddress(directory, name));
  try {
    // proc_net(5): an abstract name is shown with an at sign in place of the null byte.
    return readFileSync("/proc/net/unix", "utf8").includes(`@${name}`);
  } catch {
    return true;
  }
}
