import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { describeSystemError, systemErrorCode } from "../system-error.ts";
import type { ConfigFile } from "./parse-settings.ts";

/** Reads a configuration file; undefined where there is none. */
export function readConfigFile(path: string): ConfigFile | undefined {
  try {
    const bytes = readFileSync(path);
    if (isUtf8(bytes)) return { path, toml: bytes.toString() };
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw unreadable(path, "the configuration", error);
  }
  throw new ExpectedFailure(exitCode.configuration, `${path}: expected a text in UTF-8, got something else`);
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

/** Whether users other than the owner may read the file; false for one that is not there, or is no file. */
export const isReadableByOthers = (path: string) => isOpenToOthers(path, 0o044);

/** The same of writing. */
export const isWritableByOthers = (path: string) => isOpenToOthers(path, 0o022);

function isOpenToOthers(path: string, mode: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return process.platform !== "win32" && found?.isFile() === true && (found.mode & mode) !== 0;
}

function unreadable(path: string, what: string, cause: unknown): ExpectedFailure {
  const problem = describeSystemError(cause, "file");
  return new ExpectedFailure(exitCode.configuration, `${path}: expected to read ${what}, but ${problem}`, {
    cause,
  });
}
