// Programs that the build runs.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const LINES_SHOWN = 12;
const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface CommandOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs a program to its end; gives its standard output. Where it fails, the error has what it said. */
export function runQuietly(command: readonly string[], options: CommandOptions = {}): string {
  const [program = "", ...args] = command;
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: LARGEST_OUTPUT_BYTES,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: { ...process.env, ...options.environment },
  });
  if (error) throw new Error(`${program} cannot be started: ${error.message}`, { cause: error });
  if (status === 0) return stdout;
  const told = `${stdout}${stderr}`.trim().split("\n").slice(0, LINES_SHOWN);
  throw new Error([`${command.join(" ")} failed with exit code ${status}:`, ...told].join("\n  "));
}

/** The path of a program, as a shell finds it; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
