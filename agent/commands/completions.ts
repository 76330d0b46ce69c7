import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";

/** Prints the completion script of a shell. */
export async function completions({ given, print }: Context): Promise<ExitCode> {
  print(given.positionals.join());
  return exitCode.ok;
}
