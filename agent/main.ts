#!/usr/bin/env node
import { stripVTControlCharacters } from "node:util";
import { quote } from "../lambda/contract/refusal.ts";
import packageJson from "../package.json" with { type: "json" };
import { type CommandName, commandNames, commandTable, repeatableFlags } from "./command-table.ts";
import { parseArguments } from "./config/arguments.ts";
import { didYouMean } from "./config/parse-settings.ts";
import type { Command } from "./context.ts";
import { type ExitCode, ExpectedFailure, exitCode } from "./exit-code.ts";
import { createLog } from "./log.ts";

/** Loaded when called: the AWS SDK alone costs more time than all the rest. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  update: async () => (await import("./commands/update.ts")).update,
  ip: async () => (await import("./commands/ip.ts")).ip,
};

const print = (line: string) => void process.stdout.write(`${line}\n`);
const printError = (line: string) => void process.stderr.write(line);

async function main(argv: readonly string[]): Promise<ExitCode> {
  if (argv[0] === "--version") {
    print(packageJson.version);
    return exitCode.ok;
  }
  const name = commandName(argv[0]);
  const rest = argv[0] === name ? argv.slice(1) : argv;
  if (rest.includes("--help") || rest.includes("-h")) return help(argv[0] === name ? name : undefined);
  const given = parseArguments(rest, commandTable[name].args, repeatableFlags);
  const stray = given.positionals[0];
  if (stray !== undefined) throw new ExpectedFailure(exitCode.usage, `unexpected argument ${quote(stray)}`);
  const command = await commands[name]();
  const log = createLog(printError, given.switches.has("verbose"));
  return command({ given, environment: process.env, print, log });
}

/** The command that the first argument names; `update` where it is a flag or there is none. */
function commandName(word: string | undefined): CommandName {
  if (word === undefined || word.startsWith("-")) return "update";
  const known = commandNames.find((name) => name === word);
  if (known) return known;
  throw new ExpectedFailure(
    exitCode.usage,
    `unknown command ${quote(word)}${didYouMean(word, commandNames)}`,
  );
}

async function help(name: CommandName | undefined): Promise<ExitCode> {
  const { renderUsage } = await import("citty");
  const { description, version } = packageJson;
  const program = { meta: { name: "update-route53", version, description }, subCommands: commandTable };
  const usage = name ? await renderUsage(commandTable[name], program) : await renderUsage(program);
  print(process.stdout.isTTY ? usage : stripVTControlCharacters(usage));
  return exitCode.ok;
}

/** The one place where errors end: one line for what we expect, a stack only for our own bugs. */
function conclude(error: unknown): ExitCode {
  if (error instanceof ExpectedFailure) {
    if (process.argv.includes("--json")) {
      const outcome = error.exitCode === exitCode.refused ? "refused" : "failed";
      print(JSON.stringify({ outcome, reason: error.message, exitCode: error.exitCode }));
    }
    printError(`update-route53: ${error.message}\n`);
    return error.exitCode;
  }
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  printError(`update-route53: a bug in this program, please report it: ${told}\n`);
  return exitCode.bug;
}

// A reader that goes away (`| head`) is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await main(process.argv.slice(2)).catch(conclude);
