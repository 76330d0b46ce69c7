import { closeSync, existsSync, openSync, statfsSync, unlinkSync, writeSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join, resolve } from "node:path";
import { hand } from "../lock/handover.ts";
import { instanceName, loadInstanceKey } from "../lock/instance-key.ts";
import { rrType } from "../outcome.ts";
import { loadState } from "../state/state-file.ts";
import { systemErrorCode } from "../system-error.ts";
import type { InstanceFacts, StateFacts } from "./judge-state.ts";

/** statfs(2). */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
  [0x72b6, "flash (jffs2)"],
  [0x24051905, "flash (ubifs)"],
  [0xf2f52010, "flash (f2fs)"],
  [0x73717368, "squashfs, which is read-only"],
  [0x794c7630, "an overlay"],
  [0xef53, "a disk or card (ext)"],
  [0x9123683e, "a disk or card (btrfs)"],
  [0x58465342, "a disk or card (xfs)"],
  [0x4d44, "a disk or card (FAT)"],
  [0x6969, "a network (NFS)"],
]);

const PROBE_BYTES = 4096;

/** Looks at the state directory as an update would use it, and leaves it as it was. */
export function lookAtState(directory: string, destination: string): StateFacts {
  const isThere = existsSync(directory);
  const { state, problem } = loadState(directory, destination);
  const where = nearestDirectory(directory);
  return {
    directory,
    isThere,
    fileSystem: fileSystemOf(where),
    writeFailure: tryToWrite(where),
    stateProblem: problem,
    pending: [...state.pending].map(([key, { sinceMs }]) => ({ what: describeKey(key), sinceMs })),
  };
}

function describeKey(key: string): string {
  const [name = "", family] = key.split(" ");
  return `${name} ${rrType(family === "ipv6" ? "ipv6" : "ipv4")}`;
}

function nearestDirectory(directory: string): string {
  const path = resolve(directory);
  return existsSync(path) || dirname(path) === path ? path : nearestDirectory(dirname(path));
}

function fileSystemOf(path: string): string | undefined {
  try {
    const { type } = statfsSync(path);
    return FILE_SYSTEMS.get(type) ?? `a file system of type 0x${type.toString(16)}`;
  } catch {
    return undefined;
  }
}

/** Only writing tells whether there is space, and whether root may write on this file system. */
function tryToWrite(directory: string): string | undefined {
  const path = join(directory, `.update-route53-doctor.${process.pid}.tmp`);
  try {
    const file = openSync(path, "wx", 0o600);
    try {
      writeSync(file, Buffer.alloc(PROBE_BYTES));
    } finally {
      closeSync(file);
      unlinkSync(path);
    }
    return undefined;
  } catch (error) {
    return systemErrorCode(error);
  }
}

/**
 * Asks who is at work on the state directory. It never takes the lock, not even for a moment: a hook would hand
 * its event to a doctor.
 */
export async function lookForInstance(directory: string): Promise<InstanceFacts> {
  // The key is made by whoever was at work first.
  const key = existsSync(join(directory, "instance.key")) ? loadInstanceKey(directory) : undefined;
  const name = instanceName(directory, key);
  const socket = createConnection(
    process.platform === "linux" ? `\0${name}` : join(directory, `${name}.sock`),
  );
  const { promise, resolve: settle } = Promise.withResolvers<boolean>();
  socket.once("connect", () => settle(true)).once("error", () => settle(false));
  if (!(await promise)) return { kind: "none" };
  const holder = key === undefined ? undefined : await hand(socket, null, { key, account: "" });
  socket.destroy();
  return holder ? { kind: "holder", ...holder } : { kind: "silent" };
}
