import { quote } from "../lambda/contract/refusal.ts";
import { checkArguments } from "./check-arguments.ts";
import { repeatableFlags } from "./command-flags.ts";
import { argumentsOf, type CommandName, commandNames } from "./command-table.ts";
import { type Arguments, parseArguments } from "./config/arguments.ts";
import { didYouMean } from "./config/nearest.ts";
import { ExpectedFailure, exitCode } from "./exit-code.ts";

export interface CommandLine {
  readonly name: CommandName;
  readonly given: Arguments;
}

/**
 * Parses a whole command line: the command first, where it is not `update`.
 * @throws {ExpectedFailure} 64
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const name = commandName(argv[0]);
  const given = parseArguments(argv[0] === name ? argv.slice(1) : argv, argumentsOf(name), repeatableFlags);
  checkArguments(given, argumentsOf(name));
  return { name, given };
}

/** The command that the first argument names; `update` where it is a flag or there is none. */
export function commandName(word: string | undefined): CommandName {
  if (word === undefined || word.startsWith("-")) return "update";
  const known = commandNames.find((name) => name === word);
  if (known) return known;
  const advice = didYouMean(word, commandNames) || ', "update-route53 --help" lists them';
  throw new ExpectedFailure(exitCode.usage, `unknown command ${quote(word)}${advice}`);
}
