import type { Arguments } from "./config/arguments.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Log } from "./log.ts";

/** What a command gets of the world around it. */
export interface Context {
  /** The words of the command line, as they came. */
  readonly argv: readonly string[];
  readonly given: Arguments;
  readonly environment: NodeJS.ProcessEnv;
  /** Prints one line of result. */
  readonly print: (line: string) => void;
  readonly log: Log;
}

export type Command = (context: Context) => Promise<ExitCode>;
