import type { ArgDef, ArgsDef } from "citty";
import { type SettingKey, settingKeys, settings } from "./config/settings.ts";
import { logFormats } from "./log/format.ts";

/** The flags that every command takes. */
export const everyCommand = {
  log: {
    type: "enum",
    options: [...logFormats],
    valueHint: "FORMAT",
    description:
      "how messages are written: human, plain, json or syslog (default: $UPDATE_ROUTE53_LOG, or human on a terminal and plain elsewhere)",
  },
  verbose: { type: "boolean", description: "say what is read and asked" },
  quiet: { type: "boolean", description: "say nothing but errors" },
  help: { type: "boolean", description: "show this help" },
} as const satisfies ArgsDef;

export const configFlag = {
  config: {
    type: "string",
    valueHint: "PATH",
    description:
      "configuration file (default: $UPDATE_ROUTE53_CONFIG, or /etc/update-route53.toml where it exists)",
  },
} as const satisfies ArgsDef;

export const jsonFlag = {
  json: { type: "boolean", description: "print one JSON object per line" },
} as const satisfies ArgsDef;

export const ipFlag = {
  ip: { type: "string", valueHint: "ADDRESS", description: "publish this address; once per family" },
} as const satisfies ArgsDef;

export const forceFlag = {
  force: { type: "boolean", description: "publish what is unchanged too" },
} as const satisfies ArgsDef;

export const waitFlag = {
  wait: { type: "boolean", description: "wait until the name servers of the zone answer the new address" },
} as const satisfies ArgsDef;

export const confirmFlag = {
  confirm: {
    type: "boolean",
    description: "end with 75 where another process has taken it over that may end without having done it",
  },
} as const satisfies ArgsDef;

export const dryRunFlag = {
  "dry-run": {
    type: "boolean",
    description: "print the record that would be put on the stream, and send nothing",
  },
} as const satisfies ArgsDef;

/** What install and uninstall share. */
export const installFlags = {
  root: {
    type: "string",
    valueHint: "PATH",
    description: "the device's file system lies below this directory; nothing is started (default: /)",
  },
  force: { type: "boolean", description: "also replace and remove what somebody else wrote or changed" },
  "dry-run": { type: "boolean", description: "show what would be done, and do nothing" },
} as const satisfies ArgsDef;

/** The flags that stand for settings. */
export function settingFlags(keys: readonly SettingKey[] = settingKeys): ArgsDef {
  const flags: ArgsDef = {};
  for (const key of keys) {
    const { flag, hint, description } = settings[key] as {
      flag?: string;
      hint?: string;
      description: string;
    };
    if (flag !== undefined) flags[flag] = { type: "string", valueHint: hint ?? "TEXT", description };
  }
  return flags;
}

/** The flags that may be given several times. */
export const repeatableFlags: ReadonlySet<string> = new Set([
  "ip",
  ...settingKeys
    .map((key) => settings[key] as { flag?: string; kind: { isList?: true } })
    .filter(({ kind }) => kind.isList)
    .map(({ flag }) => flag)
    .filter((flag) => flag !== undefined),
]);

/** The texts that a flag or word may be, where there are only a few: those of an enum, or of a hint `a|b`. */
export function choicesOf(arg: ArgDef): readonly string[] | undefined {
  if (arg.type === "enum") return arg.options;
  return arg.valueHint?.includes("|") ? arg.valueHint.split("|") : undefined;
}
