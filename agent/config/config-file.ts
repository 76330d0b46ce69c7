import { readFileSync, statSync } from "node:fs";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { ConfigFile } from "./parse-settings.ts";

/** Reads a configuration file; undefined where there is none. */
export function readConfigFile(path: string): ConfigFile | undefined {
  try {
    return { path, toml: readFileSync(path, "utf8") };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw unreadable(path, "the configuration", error);
  }
}

/**
 * Reads a file that holds one secret, without the line feed that editors and `echo` leave at its end.
 * @throws {ExpectedFailure} 78
 */
export function readSecretFile(path: string, what: string): string {
  return readTextFile(path, what).replace(/[\r\n]+$/, "");
}

/** @throws {ExpectedFailure} 78 */
export function readTextFile(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unreadable(path, what, error);
  }
}

/** Whether users other than the owner may read the file; false for one that is not there. */
export function isReadableByOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return process.platform !== "win32" && (mode & 0o044) !== 0;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
};

function unreadable(path: string, what: string, cause: unknown): ExpectedFailure {
  const code = errorCode(cause);
  const problem = PROBLEMS[code] ?? code;
  return new ExpectedFailure(exitCode.configuration, `${path}: expected to read ${what}, but ${problem}`, {
    cause,
  });
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
