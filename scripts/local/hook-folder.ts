import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HOOKS = fileURLToPath(new URL("../../agent/hooks/", import.meta.url));

/** Where `install` puts what every hook starts. */
export const NOTIFY = "/usr/lib/update-route53/notify";

/** An event, as a daemon tells a hook of it. */
export interface HookCase {
  readonly env?: Environment;
  readonly args?: readonly string[];
  /** What notify is started with; undefined where it is not. */
  readonly told: readonly string[] | undefined;
}

/** A folder of its own for hooks, with something in the place of what they start. */
export interface HookFolder {
  readonly path: string;
  /** Copies a hook there, with other texts in the place of those that name the real system; gives its path. */
  readonly add: (source: string, name: string, replacements: Readonly<Record<string, string>>) => string;
  /** Writes a program that keeps its arguments, then runs `rest`. */
  readonly addRecorder: (name: string, rest?: string) => string;
  readonly write: (name: string, text: string) => string;
  readonly makeDirectory: (name: string) => void;
  readonly read: (name: string) => string;
  readonly remove: (name: string) => void;
  /** The arguments of each start of the programs that record, in the order of the starts. */
  readonly starts: () => readonly (readonly string[])[];
}

const parent = mkdtempSync(join(tmpdir(), "hooks-"));
process.on("exit", () => rmSync(parent, { recursive: true, force: true }));

export function createHookFolder(): HookFolder {
  const path = mkdtempSync(join(parent, "f-"));
  const records = join(path, "records");
  mkdirSync(records);
  const write = (name: string, text: string) => {
    const file = join(path, name);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    return file;
  };
  return {
    path,
    add(source, name, replacements) {
      let text = readFileSync(`${HOOKS}${source}`, "utf8");
      for (const [from, to] of Object.entries(replacements)) {
        if (!text.includes(from)) throw new Error(`expected ${from} in ${source}, found none`);
        text = text.replaceAll(from, to);
      }
      return write(name, text);
    },
    // Each in a file of its own, which appears when it is whole.
    addRecorder: (name, rest = "") =>
      write(
        name,
        `#!/bin/sh
printf '%s\\0' "$@" >"${records}/.$$"
mv "${records}/.$$" "${records}/$(date +%s%N).$$"
${rest}
`,
      ),
    write,
    makeDirectory: (name) => mkdirSync(join(path, name)),
    read: (name) => readFileSync(join(path, name), "utf8"),
    remove: (name) => rmSync(join(path, name)),
    starts: () =>
      readdirSync(records)
        .filter((name) => !name.startsWith("."))
        .sort()
        .map((name) => readFileSync(join(records, name), "utf8").split("\0").slice(0, -1)),
  };
}

const LONGEST_HOOK_MS = 60_000;

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  /** Resolves when whatever it has started in the background has ended, too. */
  readonly allEnded: Promise<void>;
}

/** Runs a program, and waits for it alone: descriptor 9 tells of the rest. */
export async function runHook([program = "", ...args]: readonly string[], env: Environment): Promise<Ended> {
  // As a careless daemon leaves them open.
  const left = openSync("/dev/null", "r");
  const stdio = Array.from({ length: 10 }, (_, fd) => {
    if (fd === 1 || fd === 2 || fd === 9) return "pipe";
    return fd === 0 ? "ignore" : left;
  });
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: stdio as "pipe"[],
    timeout: LONGEST_HOOK_MS,
  });
  closeSync(left);
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  const rest = child.stdio[9 as 0] as unknown as NodeJS.ReadableStream;
  const allEnded = new Promise<void>((resolve) => void rest.on("close", resolve));
  rest.resume();
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  return { exitCode, output, allEnded };
}

/** Waits for something that is bound to happen. */
export async function until<T>(what: string, find: () => T | undefined | false): Promise<T> {
  const endMs = performance.now() + 20_000;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`expected ${what}, not within 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The shells that hooks meet: of Debian, of whoever has replaced that, of OpenWrt and Alpine. */
export const shells: readonly (readonly string[])[] = [["dash"], ["bash", "--posix"], ["busybox", "ash"]];

/** Why something cannot be run here; undefined where it can. */
export function lacks(words: readonly string[]): string | undefined {
  const [program = "", ...args] = words;
  const { status } = spawnSync(program, [...args, "-c", ":"], { stdio: "ignore" });
  return status === 0 ? undefined : `${program} is not installed`;
}

export type Environment = Readonly<Record<string, string>>;

/** What a DHCP server or a peer could put into a variable, to harm a careless script. */
export const hostileTexts: readonly string[] = [
  "-rf /",
  "$(reboot)",
  "`reboot`",
  "a  b",
  "a\"b'c;reboot",
  "a\nb",
  "*",
  "\\",
];
