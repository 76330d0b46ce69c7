import type { Owned } from "./device.ts";

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;
/** Below, groups are the system's: Debian's staff may write to /usr/local, and is as good as root. */
const FIRST_GROUP_OF_USERS = 1000;

/**
 * Who else than the trusted users could put another program in the place of this one.
 * @param trail of the program: itself, and the directories that it is in
 * @returns the finding, or undefined where nobody could
 */
export function whoCanReplace(trail: readonly Owned[], trusted: readonly number[]): string | undefined {
  for (const { path, uid, gid, mode } of trail) {
    if (!trusted.includes(uid)) return `${path} belongs to user ${uid}`;
    if (mode & WRITABLE_BY_ALL) return `everybody can write to ${path}`;
    if (mode & WRITABLE_BY_GROUP && gid >= FIRST_GROUP_OF_USERS) return `group ${gid} can write to ${path}`;
  }
  return undefined;
}
