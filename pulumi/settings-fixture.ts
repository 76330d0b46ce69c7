// A configuration for tests, as Pulumi gives it: texts, of which all but a few are JSON.
import { parseStackSettings } from "./settings.ts";
import type { StackSettings } from "./settings-schema.ts";

const ANSWERS = {
  zones: ["home.kept.dev", { name: "kept.org", id: "Z0ORG" }],
  devices: [
    { name: "attic", domains: ["attic.home.kept.dev", "*.attic.home.kept.dev"] },
    {
      name: "shed",
      domains: ["shed.kept.org"],
      publicKeys: ["YS+M9DmWXUDP5D6/VNzGUPk/H8Zl8AuON1/s0FLIPkI="],
    },
  ],
};

/** The three answers that a deployment needs, and others instead of or beside them. */
export function configurationOf(others: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const texts = Object.entries({ ...ANSWERS, ...others })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  return Object.fromEntries(texts);
}

export function settingsOf(others: Readonly<Record<string, unknown>> = {}): StackSettings {
  return parseStackSettings(configurationOf(others), "Pulumi.test.yaml");
}

/** The message with which the configuration is refused. */
export function refusalOf(others: Readonly<Record<string, unknown>>): string {
  try {
    settingsOf(others);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing was refused";
}
