import type { ArgsDef } from "citty";
import { everyCommand } from "./command-flags.ts";
import { type CommandEntry, type CommandName, commandNames, commandTable } from "./command-table.ts";
import { type ExitCode, exitCode, exitCodeMeaning } from "./exit-code.ts";

const WIDEST_TERM = 26;
const EVERY_COMMAND: readonly ExitCode[] = [
  exitCode.ok,
  exitCode.usage,
  exitCode.bug,
  exitCode.configuration,
];

/** A term and what it means: a command, a flag, an exit code. */
type Row = readonly [term: string, meaning: string];

/**
 * The help of the program, from its table.
 * @param about what the program is, in one line
 * @param width columns of the terminal
 */
export function programHelp(about: string, width: number): string {
  const commands = commandNames.map((name): Row => [name, commandTable[name].meta.description]);
  const examples = commandNames.flatMap((name) => commandTable[name].examples.slice(0, 1));
  return joinSections([
    wrap(about, width, 0),
    "Usage: update-route53 [COMMAND] [FLAGS]",
    section("Commands", commands, width),
    section("Flags", [...flagRows(everyCommand), ["--version", "print the version"]], width),
    section("Exit codes", exitCodeRows(Object.values(exitCode)), width),
    exampleSection(examples, width),
    'Say "update-route53 COMMAND --help" for the flags of a command.',
  ]);
}

/** The help of one command. */
export function commandHelp(name: CommandName, width: number): string {
  const { meta, args, examples, exitCodes }: CommandEntry = commandTable[name];
  const words = Object.entries(args).filter(([, { type }]) => type === "positional");
  const usage = words.map(([name, { required, valueHint = name.toUpperCase() }]) =>
    required === false ? `[${valueHint}]` : valueHint,
  );
  return joinSections([
    wrap(meta.description, width, 0),
    `Usage: ${["update-route53", name, "[FLAGS]", ...usage].join(" ")}`,
    section(
      "Arguments",
      words.map(([name, { valueHint = name.toUpperCase(), description = "" }]) => [valueHint, description]),
      width,
    ),
    section("Flags", flagRows(args), width),
    section("Flags of every command", flagRows(everyCommand), width),
    section("Exit codes", exitCodeRows([...EVERY_COMMAND, ...exitCodes]), width),
    exampleSection(examples, width),
  ]);
}

function flagRows(args: ArgsDef): readonly Row[] {
  const flags = Object.entries(args).filter(([, { type }]) => type !== "positional");
  return flags.map(([name, { valueHint, description = "" }]) => [
    `--${name}${valueHint === undefined ? "" : `=<${valueHint}>`}`,
    description,
  ]);
}

function exitCodeRows(codes: readonly ExitCode[]): readonly Row[] {
  const sorted = [...new Set(codes)].sort((a, b) => a - b);
  return sorted.map((code) => [String(code).padStart(2), exitCodeMeaning[code]]);
}

function exampleSection(examples: CommandEntry["examples"], width: number): string {
  const lines = examples.flatMap(([typed, effect]) => [`  ${typed}`, wrap(effect, width, 6)]);
  return lines.length === 0 ? "" : ["Examples:", ...lines].join("\n");
}

/** Terms to the left, what they mean to the right; a long term has a line of its own. */
function section(title: string, rows: readonly Row[], width: number): string {
  if (rows.length === 0) return "";
  const fitting = rows.map(([term]) => term.length).filter((length) => length <= WIDEST_TERM);
  const column = Math.max(0, ...fitting) + 4;
  const lines = rows.map(([term, meaning]) => {
    const right = wrap(meaning, width, column);
    return term.length <= WIDEST_TERM ? `  ${term}${right.slice(term.length + 2)}` : `  ${term}\n${right}`;
  });
  return [`${title}:`, ...lines].join("\n");
}

/** Breaks a text at its spaces into lines of at most `width` columns, each behind `indent` spaces. */
function wrap(text: string, width: number, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (indent + last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => " ".repeat(indent) + line).join("\n");
}

function joinSections(sections: readonly string[]): string {
  return sections.filter((text) => text !== "").join("\n\n");
}
