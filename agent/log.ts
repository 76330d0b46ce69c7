import { type ConsolaReporter, createConsola, LogLevels } from "consola/core";
import type { LogChoice } from "./log/choose.ts";
import { formatLogLine, type LogFields, type LogLevel } from "./log/format.ts";

type Say = (message: string, fields?: LogFields) => void;

/** Everything but results goes here, so that results can be piped. Each message becomes one line. */
export type Log = Readonly<Record<LogLevel, Say>>;

/** The log of the program itself, which also tells why it ends. */
export type MainLog = Log & { readonly fatal: Say };

export function createLog(write: (line: string) => void, choice: LogChoice): MainLog {
  const reporter: ConsolaReporter = {
    log({ type, args, date }) {
      const [message, fields] = args as [string, LogFields?];
      const level = type === "fatal" ? "error" : (type as LogLevel);
      const line = { time: date, level, message, fields, isFinal: type === "fatal" };
      write(`${formatLogLine(line, choice.format)}\n`);
    },
  };
  return createConsola({
    level: LogLevels[choice.lowest],
    reporters: [reporter],
    // Consola would hold back a message it is told often, and the end of the program with a timer.
    throttle: 0,
    throttleMin: Number.POSITIVE_INFINITY,
  });
}

/**
 * Results that are events belong in the log as well: for the forms that programs read, as lines of it, so that
 * `2>&1 | logger --prio-prefix` sees nothing else.
 */
export function createEventPrinter(print: (line: string) => void, choice: LogChoice): (line: string) => void {
  if (choice.lowest === "error") return () => {};
  return (message) => {
    const isForPeople = choice.format === "human" || choice.format === "plain";
    const line = { time: new Date(), level: "info", message } as const;
    print(isForPeople ? message : formatLogLine(line, choice.format));
  };
}
