import { repeatableFlags } from "../command-flags.ts";
import { argumentsOf, commandNames, commandTable } from "../command-table.ts";
import { bashScript } from "../completions/bash.ts";
import { fishScript } from "../completions/fish.ts";
import { outline } from "../completions/outline.ts";
import { zshScript } from "../completions/zsh.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";

const scripts: Readonly<Record<string, typeof bashScript>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Prints the completion script of a shell, made from the command table. */
export async function completions({ given, printText }: Context): Promise<ExitCode> {
  const commands = commandNames.map((name) =>
    outline(
      { name, description: commandTable[name].meta.description, args: argumentsOf(name) },
      repeatableFlags,
    ),
  );
  printText(scripts[given.positionals[0] ?? ""]?.("update-route53", commands) ?? "");
  return exitCode.ok;
}
