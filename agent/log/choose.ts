import { quote } from "../../lambda/contract/refusal.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { type LogFormat, type LogLevel, logFormats } from "./format.ts";

const VARIABLE = "UPDATE_ROUTE53_LOG";

export interface LogChoice {
  readonly format: LogFormat;
  /** What is lighter is not said. */
  readonly lowest: LogLevel;
}

/**
 * How to log, from the arguments as they are: what is wrong with them must be told in this form as well.
 * Total; a format that does not exist counts as none, and is refused by those who check the arguments.
 * @param isTerminal asked when there is something to say, and not before: the answer takes time
 */
export function chooseLog(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  isTerminal: () => boolean,
): LogChoice {
  return {
    lowest: argv.includes("--quiet") ? "error" : argv.includes("--verbose") ? "debug" : "info",
    get format() {
      const format = asFormat(flagText(argv)) ?? asFormat(environment[VARIABLE]) ?? "human";
      if (format !== "human") return format;
      // Less its colours, the form for people is the plain one. https://no-color.org
      const hasColours = !environment.NO_COLOR && environment.TERM !== "dumb" && isTerminal();
      return hasColours ? "human" : "plain";
    },
  };
}

function flagText(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === "--log" || word.startsWith("--log="));
  const word = argv[at];
  return word === "--log" ? argv[at + 1] : word?.slice("--log=".length);
}

function asFormat(text: string | undefined): LogFormat | undefined {
  return logFormats.find((format) => format === text);
}

/**
 * Refuses what `chooseLog` passes over in the environment.
 * @throws {ExpectedFailure} 78
 */
export function checkLogVariable(environment: NodeJS.ProcessEnv): void {
  const given = environment[VARIABLE];
  if (!given || asFormat(given)) return;
  const expected = `expected one of ${logFormats.join(", ")}`;
  throw new ExpectedFailure(exitCode.configuration, `${VARIABLE}: ${expected}, got ${quote(given)}`);
}
