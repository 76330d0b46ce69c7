import { type ConsolaInstance, createConsola, LogLevels } from "consola/core";

export type Log = Pick<ConsolaInstance, "debug" | "info" | "warn" | "error">;

/** One plain line per message. Everything but results goes here, so that results can be piped. */
export function createLog(write: (line: string) => void, isVerbose: boolean): Log {
  return createConsola({
    level: isVerbose ? LogLevels.debug : LogLevels.info,
    reporters: [
      {
        log({ type, args }) {
          const prefix = type === "info" ? "" : `${type === "warn" ? "warning" : type}: `;
          write(`${prefix}${args.map(String).join(" ").replaceAll("\n", " ")}\n`);
        },
      },
    ],
  });
}
