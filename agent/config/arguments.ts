import { parseArgs } from "node:util";
import type { ArgsDef } from "citty";
import { quote } from "../../lambda/contract/refusal.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { didYouMean } from "./nearest.ts";

export interface Arguments {
  /** The texts of each flag that was given, in order. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** The flags without a value that were given. */
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

/**
 * Parses the arguments of one command, strictly: citty itself lets misspelt flags and stray words pass.
 * @param repeatable the flags that may be given several times
 * @throws {ExpectedFailure} 64
 */
export function parseArguments(
  argv: readonly string[],
  flags: ArgsDef,
  repeatable: ReadonlySet<string>,
): Arguments {
  const types = flagTypes(flags);
  const options = Object.fromEntries(
    types.entries().map(([name, type]) => [name, { type, multiple: true } as const]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const texts: Record<string, string[]> = {};
  const switches = new Set<string>();
  for (const token of tokens.filter((token) => token.kind === "option")) {
    const { name, rawName, value } = token;
    const type = rawName === `--${name}` ? types.get(name) : undefined;
    if (type === undefined) throw unknownFlag(rawName, [...types.keys()]);
    if (type === "boolean") switches.add(withoutValue(name, value));
    else texts[name] = [...(texts[name] ?? []), withValue(name, value)];
  }
  const repeated = Object.keys(texts).find((name) => (texts[name]?.length ?? 0) > 1 && !repeatable.has(name));
  if (repeated !== undefined)
    throw usage(`--${repeated}: expected once, found ${texts[repeated]?.length} times`);
  const positionals = tokens.filter((token) => token.kind === "positional").map(({ value }) => value);
  return { texts, switches, positionals };
}

function flagTypes(flags: ArgsDef): ReadonlyMap<string, "boolean" | "string"> {
  const named = Object.entries(flags).filter(([, { type }]) => type !== "positional");
  return new Map(named.map(([name, { type }]) => [name, type === "boolean" ? type : "string"]));
}

function unknownFlag(rawName: string, known: readonly string[]): ExpectedFailure {
  const flags = known.map((name) => `--${name}`);
  return usage(`unknown flag ${quote(rawName).slice(1, -1)}${didYouMean(rawName, flags)}`);
}

function withValue(name: string, value: string | undefined): string {
  if (!value || value.startsWith("--")) throw usage(`--${name}: expected a value, found none`);
  return value;
}

function withoutValue(name: string, value: string | undefined): string {
  if (value !== undefined) throw usage(`--${name}: expected no value, got ${quote(value)}`);
  return name;
}

function usage(message: string): ExpectedFailure {
  return new ExpectedFailure(exitCode.usage, message);
}
