import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";

/** A file, link or directory, and who can change it. */
export interface Owned {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  /** With the bits of its type, of stat(2). */
  readonly mode: number;
}

/** A link that leads to itself would never end. */
const MOST_STEPS = 1000;

/**
 * What is passed on the way to what a path means: directories, links and where they lead, up to what is missing. As
 * the kernel goes (https://man7.org/linux/man-pages/man7/path_resolution.7.html), but never out of the root.
 */
export function trailOf(root: string, path: string): readonly Owned[] {
  const found = [owned(root, lstatSync(root))];
  let place: Place = { at: root, names: namesOf(path) };
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const step = goOn(root, place);
    if (step === undefined) break;
    found.push(step.passed);
    place = step.place;
  }
  return found;
}

/** A directory, and the names that are to be followed from it. */
interface Place {
  readonly at: string;
  readonly names: readonly string[];
}

/** @returns undefined at the end, or where the next one is missing */
function goOn(root: string, { at, names }: Place): { passed: Owned; place: Place } | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return undefined;
  const next = name === ".." && at === root ? root : join(at, name);
  const stat = lstatSync(next, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const passed = owned(next, stat);
  if (!stat.isSymbolicLink()) return { passed, place: { at: next, names: rest } };
  const target = readlinkSync(next);
  return { passed, place: { at: target.startsWith("/") ? root : at, names: [...namesOf(target), ...rest] } };
}

const namesOf = (path: string) => path.split("/").filter((name) => name !== "" && name !== ".");

const owned = (path: string, { uid, gid, mode }: Stats): Owned => ({ path, uid, gid, mode });
