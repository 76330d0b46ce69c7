import type { Arguments } from "./config/arguments.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Log } from "./log.ts";

/** What a command gets of the world around it. */
export interface Context {
  /** The words of the command line, as they came. */
  readonly argv: readonly string[];
  readonly given: Arguments;
  readonly environment: NodeJS.ProcessEnv;
  /** Prints one line of result. What is in it from outside can neither break it nor steer a terminal. */
  readonly print: (line: string) => void;
  /** Prints a text of our own, of several lines. */
  readonly printText: (text: string) => void;
  readonly log: Log;
}

export type Command = (context: Context) => Promise<ExitCode>;
