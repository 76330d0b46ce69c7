import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));
const DEADLINE_MS = 20_000;

/** An agent that stays until it is ended, as a service manager would start it. */
export interface AgentDaemon {
  readonly pid: number;
  /** Every line so far, with where it went: `out ...`, `err ...`. */
  readonly lines: readonly string[];
  /** Resolves with the first line, from the one with this index on, that matches. */
  readonly line: (pattern: RegExp, from?: number) => Promise<string>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves with the exit code, null where a signal ended it. */
  readonly exit: Promise<number | null>;
}

const daemons = new Set<ChildProcess>();
process.on("exit", killAgents);

/** Kills what a failed test left behind, which would keep this process from ending. */
export function killAgents(): void {
  for (const child of daemons) child.kill("SIGKILL");
}

/**
 * Starts the agent with no environment but what is given; it is killed at the end of this process.
 * @param wrapper a command that becomes the agent, such as `unshare -rn`
 */
export function startAgent(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  wrapper: readonly string[] = [],
): AgentDaemon {
  const [command = "", ...rest] = [...wrapper, process.execPath, MAIN, ...args];
  const child = spawn(command, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: "true", HOME: "/nonexistent", ...environment },
  });
  daemons.add(child);
  const { lines, line } = readLines(child);
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  void exit.then(() => daemons.delete(child));
  return {
    pid: child.pid ?? 0,
    lines,
    line: (pattern, from = 0) =>
      Promise.race([line(pattern, from), exit.then(() => never(pattern, lines, "before it ended"))]),
    signal: (name) => void child.kill(name),
    exit,
  };
}

type Found = (pattern: RegExp, from: number) => Promise<string>;

function readLines({ stdout, stderr }: ChildProcess): {
  readonly lines: readonly string[];
  readonly line: Found;
} {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const add = (where: string) => (text: string) => {
    lines.push(`${where} ${text}`);
    for (const look of waiting) look();
  };
  if (stdout) createInterface(stdout).on("line", add("out"));
  if (stderr) createInterface(stderr).on("line", add("err"));
  const line: Found = async (pattern, from) => {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const look = () => {
      const found = lines.slice(from).find((text) => pattern.test(text));
      if (found !== undefined) resolve(found);
    };
    const timer = setTimeout(() => resolve(undefined), DEADLINE_MS);
    timer.unref();
    waiting.add(look);
    look();
    const found = await promise;
    clearTimeout(timer);
    waiting.delete(look);
    return found ?? never(pattern, lines, "in time");
  };
  return { lines, line };
}

function never(pattern: RegExp, lines: readonly string[], when: string): never {
  throw new Error(`expected a line like ${pattern} ${when}, found none in:\n${lines.join("\n")}`);
}
