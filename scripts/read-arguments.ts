// The arguments of the npm scripts, read in one way.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { quote } from "../lambda/contract/refusal.ts";

/** What a script takes. */
export interface Usage<T extends ParseArgsOptionsConfig> {
  /** As it is typed: `npm run build`. */
  readonly command: string;
  /** What may stand behind it. */
  readonly synopsis?: string;
  /** What it does, and what its arguments mean, for `--help`. */
  readonly help: string;
  readonly options?: T;
  /** How many words it takes that are no flags. */
  readonly words?: number;
}

type Read<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>
>;

/**
 * Reads the arguments of this process. `--help` prints what the script takes and ends it with 0; what it does not
 * take ends it with one line and 64. A script calls this first, so that neither starts anything.
 */
export function readArguments<const T extends ParseArgsOptionsConfig>({
  command,
  synopsis = "",
  help,
  options = {} as T,
  words = 0,
}: Usage<T>): Read<T> {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${command}${synopsis && ` ${synopsis}`}\n${help}\n`);
    process.exit();
  }
  try {
    const read = parseArgs({ args, options, allowPositionals: true });
    const stray = read.positionals[words];
    return stray === undefined ? read : refuse(command, `unexpected argument ${quote(stray)}`);
  } catch (error) {
    refuse(command, explain(error, Object.keys(options)));
  }
}

/** EX_USAGE of sysexits.h. */
const USAGE = 64;

/** Ends the process because of its arguments. */
export function refuse(command: string, problem: string): never {
  process.stderr.write(`${command}: ${problem}\n`);
  process.exit(USAGE);
}

function explain(error: unknown, names: readonly string[]): string {
  const [line = ""] = String(error instanceof Error ? error.message : error).split("\n");
  const [, flag] = /^Unknown option '(.*)'\. To /.exec(line) ?? [];
  if (flag === undefined) return line;
  const known = [...names, "help"].map((name) => `--${name}`).join(", ");
  return `expected ${known}, got ${quote(flag)}`;
}
