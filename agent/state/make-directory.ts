import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory where there is nothing yet, with those above it. Node's own way never ends where a system says
 * of a directory that is there that it is not, as Linux does in /proc.
 * @throws {NodeJS.ErrnoException}
 */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  try {
    mkdirSync(path, { mode: 0o755 });
  } catch (error) {
    // Another process was first.
    if (!existsSync(path)) throw error;
  }
}
