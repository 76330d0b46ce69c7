import { didYouMean } from "./nearest.ts";
import { type SettingKey, settingKeys, settings } from "./settings.ts";

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(settings, key);

/** The tables of the file: `ipv6`. */
export const tableNames: ReadonlySet<string> = new Set(
  settingKeys.filter((key) => key.includes(".")).map((key) => key.slice(0, key.indexOf("."))),
);

/** What is wrong about a key that is no setting, or stands where it is none. */
export function describeUnknown(key: string): string {
  const within = settingKeys.filter((known) => known.startsWith(`${key}.`));
  if (within.length > 0) {
    const keys = within.map((known) => known.slice(key.length + 1)).join(" and ");
    return `expected a table with ${keys}, got something else`;
  }
  const [, inner = ""] = key.split(".");
  // What is added at the end of a file belongs to the last table in it.
  if (isSettingKey(inner)) return `unknown key, ${inner} belongs above all tables`;
  return `unknown key${didYouMean(key, [...settingKeys, ...tableNames])}`;
}
