import { styleText } from "node:util";
import { onOneLine } from "../one-line.ts";

export const logFormats = ["human", "plain", "json", "syslog"] as const;
export type LogFormat = (typeof logFormats)[number];
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a message is about, for programs. The message says all of it that a person must know. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface LogLine {
  readonly time: Date;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: LogFields | undefined;
  /** It ended the program: people are then told which one. */
  readonly isFinal?: boolean;
}

/** RFC 5424 section 6.2.1. */
const SEVERITY = { debug: 7, info: 6, warn: 4, error: 3 } as const satisfies Record<LogLevel, number>;
const COLOUR = { debug: "dim", info: "none", warn: "yellow", error: "red" } as const;
const WORD = { debug: "debug: ", info: "", warn: "warning: ", error: "error: " } as const;

/** Writes a line of the log, without its line feed, in the given form. `human` is for a terminal with colours. */
export function formatLogLine(line: LogLine, format: LogFormat): string {
  const { time, level, fields } = line;
  const message = onOneLine(line.message.trim());
  switch (format) {
    case "json":
      return JSON.stringify({ time: time.toISOString(), level, message, ...fields });
    case "syslog":
      // sd-daemon(3): journald and `logger --prio-prefix` read the priority from the start of a line.
      return `<${SEVERITY[level]}>${message}`;
    case "plain":
      return word(line) + message;
    case "human":
      return styleText(COLOUR[level], word(line), { validateStream: false }) + message;
  }
}

function word({ level, isFinal }: LogLine): string {
  return isFinal ? "update-route53: " : WORD[level];
}
