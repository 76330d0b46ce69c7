import type { Owned } from "./trail.ts";

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;
const EXECUTABLE = 0o111;
const TYPE = 0o170000;
const LINK = 0o120000;
const FILE = 0o100000;
/** Debian's staff may write to /usr/local, and is as good as root. */
const STAFF = 50;

export interface Trusted {
  readonly users: readonly number[];
  readonly groups: readonly number[];
}

export const ROOT_ALONE: Trusted = { users: [0], groups: [0, STAFF] };

/**
 * Who else than those who are trusted could put another program in the place of this one. Access lists are not
 * looked at.
 * @param trail to the program: itself, and all that is passed on the way to it
 * @returns the finding, or undefined where nobody could
 */
export function whoCanReplace(trail: readonly Owned[], trusted: Trusted): string | undefined {
  for (const { path, uid, gid, mode } of trail) {
    if (!trusted.users.includes(uid)) return `${path} belongs to user ${uid}`;
    // That of a link means nothing.
    if ((mode & TYPE) === LINK) continue;
    if (mode & WRITABLE_BY_ALL) return `everybody can write to ${path}`;
    if (mode & WRITABLE_BY_GROUP && !trusted.groups.includes(gid)) return `group ${gid} can write to ${path}`;
  }
  return undefined;
}

/** Whether there is something at the end of a trail that can be executed. */
export function isProgram(trail: readonly Owned[]): boolean {
  const { mode } = trail.at(-1) ?? { mode: 0 };
  return (mode & TYPE) === FILE && (mode & EXECUTABLE) !== 0;
}
