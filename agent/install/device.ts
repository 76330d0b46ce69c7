import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** What lies at a path of a device. */
export type Found =
  | { readonly kind: "nothing" }
  | { readonly kind: "file"; readonly text: string; readonly mode: number }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "directory" }
  | { readonly kind: "other" };

/** A file or directory, and who can change it. */
export interface Owned {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** A device, whose file system may lie below a directory of this one. Links that lead out of it lead nowhere. */
export interface Device {
  /** The same path on this machine; undefined where a link on the way leads out of the device. */
  readonly locate: (path: string) => string | undefined;
  /** What is there; a link is not followed. */
  readonly look: (path: string) => Found;
  readonly has: (path: string) => boolean;
  /** The text of a file; empty where it cannot be read. */
  readonly text: (path: string) => string;
  /** What is really at a path, where it exists, and each directory that it is in, up to that of the device. */
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
  const trail = (path: string) => {
    let nearest = locate(path) ?? realRoot;
    while (!existsSync(nearest)) nearest = dirname(nearest);
    const found: Owned[] = [];
    for (let each = realpathSync(nearest); isInside(each); each = dirname(each)) {
      const { uid, gid, mode } = lstatSync(each);
      found.push({ path: each, uid, gid, mode });
      if (each === realRoot) break;
    }
    return found;
  };
  return { locate, look, has: (path) => look(path).kind !== "nothing", text, trail };
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
