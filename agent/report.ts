import type { Context } from "./context.ts";
import { exitCode } from "./exit-code.ts";
import { describeOutcome, encodeOutcome, type Outcome, outcomeExitCode, outcomeFields } from "./outcome.ts";

/** Prints a result for programs, or for people: then what went well is a result, and the rest an error. */
export function report(outcome: Outcome, { given, print, log }: Context): void {
  const line = describeOutcome(outcome);
  if (given.switches.has("json")) print(encodeOutcome(outcome));
  else if (line === undefined) return;
  else if (outcomeExitCode(outcome) === exitCode.ok) print(line);
  else log.error(line, outcomeFields(outcome));
}
