import { quote } from "../lambda/contract/refusal.ts";
import { type Settings as FunctionSettings, parseSettings } from "../lambda/settings.ts";
import { checkDocument } from "../lambda/settings-schema.ts";
import { planExecutionGrants } from "./execution-grants.ts";
import { findPlaceholder } from "./placeholders.ts";
import { findUnpublishable } from "./published-names.ts";
import { settingsDocument } from "./settings-document.ts";
import { type StackSettings, settingsSchema } from "./settings-schema.ts";

/** Texts as they are; everything else that Pulumi stores is JSON. */
const TEXT_KEYS = new Set(["streamName", "alarmEmail", "bundle"]);

/**
 * Reads the configuration of the stack, and refuses what the function would refuse, before anything is made.
 * @param values the project's values as Pulumi gives them, by key without the project's name
 * @param place how messages call the configuration, such as `Pulumi.dev.yaml`
 * @throws {Error} `Pulumi.dev.yaml: devices[0].domains[1]: expected …, got …`
 */
export function parseStackSettings(values: Readonly<Record<string, string>>, place: string): StackSettings {
  const document = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, TEXT_KEYS.has(key) ? value : readJson(value)]),
  );
  const settings = checkDocument(settingsSchema, document, place);
  const problem = findPlaceholder(settings) ?? findAmbiguousDevice(settings) ?? findIdleShards(settings);
  if (problem !== undefined) throw new Error(`${place}: ${problem}`);
  const accepted = parseAsFunction(settings, place);
  checkFitsPolicy(settings, place);
  const unpublishable = findUnpublishable(settings, accepted);
  if (unpublishable !== undefined) throw new Error(`${place}: ${unpublishable}`);
  return settings;
}

/** Pulumi's `config set` stores a bare word as it is. */
function readJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** AWS compares the names of users without regard to case. */
function findAmbiguousDevice({ devices }: StackSettings): string | undefined {
  const seen = new Set<string>();
  for (const [index, { name }] of devices.entries()) {
    if (seen.has(name.toLowerCase())) {
      return `devices[${index}].name: expected each device once, got ${quote(name)} again`;
    }
    seen.add(name.toLowerCase());
  }
  return undefined;
}

/** Lambda calls the function for every shard at the same time, and throttles what is more than the reserved. */
function findIdleShards({ shards, reservedConcurrency }: StackSettings): string | undefined {
  if (shards === "on-demand" || reservedConcurrency === undefined || reservedConcurrency >= shards)
    return undefined;
  return `reservedConcurrency: expected at least ${shards}, one for each shard, got ${reservedConcurrency}`;
}

/** The ids of zones that are to be looked up are not known yet. */
function parseAsFunction(settings: StackSettings, place: string): FunctionSettings {
  const ids = settings.zones.map(({ id }, index) => id ?? `UNKNOWN${index}`);
  try {
    return parseSettings(settingsDocument(settings, ids));
  } catch (error) {
    throw new Error(messageOf(error).replace(/^settings/, place), { cause: error });
  }
}

/** The function's role has one policy for all zones. */
function checkFitsPolicy(settings: StackSettings, place: string): void {
  try {
    planExecutionGrants(settings);
  } catch (error) {
    throw new Error(`${place}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
