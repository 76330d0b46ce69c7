/** What the system says, in words; codes that hardly anybody will see stay codes. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ENOENT: "there is no such file or directory",
  ENOSPC: "the disk is full",
  ENOTDIR: "there is a file in the place of a directory",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

/** The code of an error of the system. */
export function systemErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/**
 * Completes "but ...".
 * @param missing what is not there, where that is known better
 */
export function describeSystemError(error: unknown, missing?: string): string {
  const code = systemErrorCode(error);
  return code === "ENOENT" && missing !== undefined ? `there is no such ${missing}` : (WORDS[code] ?? code);
}
