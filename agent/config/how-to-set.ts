import { DEFAULT_CONFIG_PATH } from "./load-settings.ts";

/**
 * The end of a message about a setting that is missing: what to write into which file.
 * @param configPath the file that was read; without one, the file to make is the one that is read by default
 * @param table the table that the line belongs to; without one, it belongs above all tables
 */
export function howToSet(line: string, configPath: string | undefined, table?: string): string {
  const file = configPath ?? `a new file ${DEFAULT_CONFIG_PATH}`;
  return `put ${line} ${table === undefined ? "at the top of" : `below [${table}] in`} ${file}`;
}
