import type { ArgsDef, CommandDef } from "citty";
import { type SettingKey, settingKeys, settings } from "./config/settings.ts";

export const commandNames = ["update", "ip"] as const;
export type CommandName = (typeof commandNames)[number];

const everyCommand = {
  config: {
    type: "string",
    valueHint: "PATH",
    description: "configuration file (default: /etc/update-route53.toml, where it exists)",
  },
  json: { type: "boolean", description: "print one JSON object per line" },
  verbose: { type: "boolean", description: "say what is read and asked" },
  help: { type: "boolean", description: "show this help" },
} as const satisfies ArgsDef;

const ipFlag = {
  ip: { type: "string", valueHint: "ADDRESS", description: "publish this address; once per family" },
} as const satisfies ArgsDef;

const dryRunFlag = {
  "dry-run": {
    type: "boolean",
    description: "print the record that would be put on the stream, and send nothing",
  },
} as const satisfies ArgsDef;

function settingFlags(keys: readonly SettingKey[]): ArgsDef {
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

/** The one table of commands and flags: parsing, help and completions are made from it. */
export const commandTable: Readonly<Record<CommandName, CommandDef & { args: ArgsDef }>> = {
  update: {
    meta: {
      name: "update",
      description: "Learn the public address and put it on the stream (the default command)",
    },
    args: { ...ipFlag, ...settingFlags(settingKeys), ...dryRunFlag, ...everyCommand },
  },
  ip: {
    meta: { name: "ip", description: "Show what each source says of the public address, and the verdict" },
    args: { ...settingFlags(["families", "interface", "check_urls"]), ...everyCommand },
  },
};

/** The flags that may be given several times. */
export const repeatableFlags: ReadonlySet<string> = new Set([
  "ip",
  ...settingKeys
    .map((key) => settings[key] as { flag?: string; kind: { isList?: true } })
    .filter(({ kind }) => kind.isList)
    .map(({ flag }) => flag)
    .filter((flag) => flag !== undefined),
]);
