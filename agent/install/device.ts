import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemErrorCode } from "../system-error.ts";
import { type Owned, trailOf } from "./trail.ts";

/** What lies at a path of a device. */
export type Found =
  | { readonly kind: "nothing" }
  | { readonly kind: "file"; readonly text: string; readonly mode: number }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "directory" }
  | { readonly kind: "other" };

/** A device, whose file system may lie below a directory of this one. Links that lead out of it lead nowhere. */
export interface Device {
  /** The same path on this machine; undefined where a link on the way leads out of the device. */
  readonly locate: (path: string) => string | undefined;
  /** What is there; a link is not followed. */
  readonly look: (path: string) => Found;
  readonly has: (path: string) => boolean;
  /** The text of a file; empty where it cannot be read. */
  readonly text: (path: string) => string;
  /** What is passed on the way to what a path means: directories, links and where they lead, up to what is missing. */
  readonly trail: (path: string) => readonly Owned[];
}

/** @throws {NodeJS.ErrnoException} where there is no such directory */
export function openDevice(root: string): Device {
  const realRoot = realpathSync(root);
  const isInside = (path: string) => realRoot === "/" || path === realRoot || path.startsWith(`${realRoot}/`);
  const locate = (path: string) => {
    const located = join(realRoot, path);
    let ancestor = dirname(located);
    while (!existsSync(ancestor) && ancestor !== realRoot) ancestor = dirname(ancestor);
    return isInside(realpathSync(ancestor)) ? located : undefined;
  };
  const look = (path: string): Found => {
    const located = locate(path);
    return located === undefined ? { kind: "nothing" } : lookAt(located);
  };
  const text = (path: string) => {
    const found = look(path);
    return found.kind === "file" ? found.text : "";
  };
  const has = (path: string) => {
    const located = locate(path);
    return located !== undefined && exists(located);
  };
  return { locate, look, has, text, trail: (path) => trailOf(realRoot, path) };
}

/** Without reading it: a program has a hundred megabytes. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // Else there is something, which this user may not see.
    return systemErrorCode(error) !== "ENOTDIR";
  }
}

function lookAt(path: string): Found {
  try {
    return lookInside(path);
  } catch {
    // There is something, which this user may not see.
    return { kind: "other" };
  }
}

function lookInside(path: string): Found {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return { kind: "nothing" };
  if (stat.isSymbolicLink()) return { kind: "link", target: readlinkSync(path) };
  if (stat.isDirectory()) return { kind: "directory" };
  if (!stat.isFile()) return { kind: "other" };
  return { kind: "file", text: readFileSync(path, "utf8"), mode: stat.mode & 0o7777 };
}
