import { type Fqdn, parseFqdn } from "../lambda/contract/fqdn.ts";
import { quote } from "../lambda/contract/refusal.ts";
import { createNameMatcher, parseNamePattern } from "../lambda/patterns.ts";
import { parseSettings } from "../lambda/settings.ts";
import { checkDocument } from "../lambda/settings-schema.ts";
import { planExecutionGrants } from "./execution-grants.ts";
import { findPlaceholder } from "./placeholders.ts";
import { settingsDocument } from "./settings-document.ts";
import { type DeviceSettings, type StackSettings, settingsSchema } from "./settings-schema.ts";

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
  const problem = findPlaceholder(settings) ?? findAmbiguousDevice(settings);
  if (problem !== undefined) throw new Error(`${place}: ${problem}`);
  checkAsFunction(settings, place);
  checkFitsPolicy(settings, place);
  for (const [index, device] of settings.devices.entries())
    checkPublishes(device, `${place}: devices[${index}]`);
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

/** The ids of zones that are to be looked up are not known yet. */
function checkAsFunction(settings: StackSettings, place: string): void {
  const ids = settings.zones.map(({ id }, index) => id ?? `UNKNOWN${index}`);
  try {
    parseSettings(settingsDocument(settings, ids));
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

/** The names that the device's configuration file publishes: those given, or those it may move. */
export function publishedNames({ domains, publishes }: DeviceSettings): Fqdn[] {
  const names = publishes ?? domains.filter((text) => parseNamePattern(text).isExact);
  return names.map(parseFqdn);
}

function checkPublishes(device: DeviceSettings, place: string): void {
  const mayMove = createNameMatcher(device.domains.map(parseNamePattern));
  for (const [index, text] of (device.publishes ?? []).entries()) {
    const fqdn = parseNameAt(text, `${place}.publishes[${index}]`);
    if (mayMove(fqdn)) continue;
    throw new Error(`${place}.publishes[${index}]: expected a name of its domains, got ${quote(text)}`);
  }
  if (publishedNames(device).length > 0) return;
  throw new Error(`${place}.publishes: expected the names to publish, because its domains are patterns only`);
}

function parseNameAt(text: string, place: string): Fqdn {
  try {
    return parseFqdn(text);
  } catch (error) {
    throw new Error(`${place}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
