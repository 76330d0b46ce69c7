import type { ArgDef, ArgsDef } from "citty";
import { quote } from "../lambda/contract/refusal.ts";
import { choicesOf } from "./command-flags.ts";
import type { Arguments } from "./config/arguments.ts";
import { ExpectedFailure, exitCode } from "./exit-code.ts";

/**
 * Checks what the parser of the arguments does not: how many words stand there, values of which there are only a
 * few, and flags that contradict each other.
 * @throws {ExpectedFailure} 64
 */
export function checkArguments({ texts, switches, positionals }: Arguments, args: ArgsDef): void {
  checkWords(positionals, args);
  for (const [name, flag] of Object.entries(args)) {
    for (const text of texts[name] ?? []) checkChoice(text, flag, `--${name}`);
  }
  if (switches.has("verbose") && switches.has("quiet"))
    throw usage("expected one of --verbose and --quiet, found both");
}

function checkWords(found: readonly string[], args: ArgsDef): void {
  const words = Object.entries(args).filter(([, { type }]) => type === "positional");
  const stray = found[words.length];
  if (stray !== undefined) throw usage(`unexpected argument ${quote(stray)}`);
  for (const [index, [name, word]] of words.entries()) {
    const text = found[index];
    const place = choicesOf(word) ? name.toUpperCase() : (word.valueHint ?? name.toUpperCase());
    if (text !== undefined) checkChoice(text, word, place);
    else if (word.required !== false) throw usage(`${place}: expected ${describe(word)}, found none`);
  }
}

function checkChoice(text: string, arg: ArgDef, place: string): void {
  if (choicesOf(arg)?.includes(text) ?? true) return;
  throw usage(`${place}: expected ${describe(arg)}, got ${quote(text)}`);
}

function describe(arg: ArgDef): string {
  const choices = choicesOf(arg);
  return choices ? `one of ${choices.join(", ")}` : (arg.description ?? "a value");
}

function usage(message: string): ExpectedFailure {
  return new ExpectedFailure(exitCode.usage, message);
}
