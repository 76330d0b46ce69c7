#!/usr/bin/env node
import packageJson from "../package.json" with { type: "json" };
import { buildName } from "./build-info.ts";
import { commandName, parseCommandLine } from "./command-line.ts";
import { type CommandName, commandTable } from "./command-table.ts";
import { update } from "./commands/update.ts";
import type { Command } from "./context.ts";
import { type ExitCode, ExpectedFailure, exitCode } from "./exit-code.ts";
import { checkLogVariable, chooseLog } from "./log/choose.ts";
import { createEventPrinter, createLog } from "./log.ts";
import { onOneLine } from "./one-line.ts";

/** Loaded when called, but for the one that is called most. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  update: async () => update,
  notify: async () => update,
  run: async () => (await import("./commands/run.ts")).run,
  ip: async () => (await import("./commands/ip.ts")).ip,
  status: async () => (await import("./commands/status.ts")).status,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  keygen: async () => (await import("./commands/keygen.ts")).keygen,
  install: async () => (await import("./commands/install.ts")).install,
  uninstall: async () => (await import("./commands/uninstall.ts")).uninstall,
  completions: async () => (await import("./commands/completions.ts")).completions,
};

/** Prints one line of result. To open standard output takes time, so that is left until there is one. */
function print(line: string): void {
  printText(onOneLine(line));
}

function printText(text: string): void {
  if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", loseResult);
  process.stdout.write(`${text}\n`);
}

let isResultLost = false;
function loseResult({ code }: NodeJS.ErrnoException): void {
  // A reader that goes away (`| head`) is no failure of ours.
  if (code === "EPIPE" || isResultLost) return;
  isResultLost = true;
  log.error(`standard output: expected to write a result, but ${code}`);
}

function printMessage(line: string): void {
  // A log that nobody keeps stops no update.
  if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
  process.stderr.write(line);
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [first, second] = argv;
  if (first === "--version") {
    print(buildName === undefined ? packageJson.version : `${packageJson.version} (${buildName})`);
    return exitCode.ok;
  }
  if (first === "help") return help(second);
  if (argv.includes("--help") || argv.includes("-h")) return help(first?.startsWith("-") ? undefined : first);
  checkLogVariable(process.env);
  const { name, given } = parseCommandLine(argv);
  const command = await commands[name]();
  // What was asked for as it is, stays as it is.
  const isEvent =
    commandTable[name].reportsEvents && !["json", "dry-run"].some((flag) => given.switches.has(flag));
  return command({
    argv,
    given,
    environment: process.env,
    print: isEvent ? printEvent : print,
    printText,
    log,
  });
}

async function help(word: string | undefined): Promise<ExitCode> {
  const { commandHelp, programHelp } = await import("./help.ts");
  const width = Math.min(process.stdout.columns || 80, 80);
  printText(
    word === undefined ? programHelp(packageJson.description, width) : commandHelp(commandName(word), width),
  );
  return exitCode.ok;
}

/** The one place where errors end: one line for what we expect, a stack only for our own bugs. */
function conclude(error: unknown): ExitCode {
  if (error instanceof ExpectedFailure) {
    const { message, exitCode: code } = error;
    if (process.argv.includes("--json")) {
      print(
        JSON.stringify({
          outcome: code === exitCode.refused ? "refused" : "failed",
          reason: message,
          exitCode: code,
        }),
      );
    }
    log.fatal(message, { exitCode: code });
    return code;
  }
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.fatal(`a bug in this program, please report it: ${told}`, { exitCode: exitCode.bug });
  return exitCode.bug;
}

const argv = process.argv.slice(2);
const logChoice = chooseLog(argv, process.env, () => process.stderr.isTTY);
const log = createLog(printMessage, logChoice);
const printEvent = createEventPrinter(print, logChoice);

process.on("exit", () => {
  if (isResultLost) process.exitCode ||= exitCode.cannotCreate;
});
process.on("uncaughtException", (error) => process.exit(conclude(error)));
main(argv)
  .catch(conclude)
  .then((code) => {
    process.exitCode = code;
  });
