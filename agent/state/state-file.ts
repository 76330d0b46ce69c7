import { closeSync, fsyncSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeSystemError, systemErrorCode } from "../system-error.ts";
import { makeDirectory } from "./make-directory.ts";
import { emptyState, encodeState, type ParsedState, parseState, type State } from "./state.ts";

const FILE_NAME = "state.json";

/** Loads what this device remembers. A file that cannot be used is an empty state and a problem to tell. */
export function loadState(directory: string, destination: string): ParsedState {
  let text: string;
  try {
    text = readFileSync(join(directory, FILE_NAME), "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return { state: emptyState };
    return { state: emptyState, problem: `it cannot be read: ${describeSystemError(error)}` };
  }
  return parseState(text, destination);
}

/**
 * Replaces the state file, at once: whoever reads it, and whenever the power fails, finds the old one or
 * the new one, whole.
 * @returns undefined, or what went wrong where the directory cannot be written
 */
export function saveState(state: State, directory: string, destination: string): string | undefined {
  const path = join(directory, FILE_NAME);
  // Always the same name: only one process is at work, and one that dies here leaves no more than one file.
  const temporary = `${path}.tmp`;
  try {
    makeDirectory(directory);
    removeIfThere(temporary);
    writeDurably(temporary, encodeState(state, destination));
    renameSync(temporary, path);
    syncDirectory(directory);
    return undefined;
  } catch (error) {
    removeIfThere(temporary);
    return describeSystemError(error);
  }
}

function writeDurably(path: string, text: string): void {
  // O_EXCL: follows no link that somebody else has put there.
  const file = openSync(path, "wx", 0o644);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the rename itself durable. Some file systems cannot; the rename is still atomic there. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } catch {
    // Nothing is lost but the newest state.
  } finally {
    closeSync(handle);
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made.
  }
}
