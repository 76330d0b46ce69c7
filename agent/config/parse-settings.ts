import { parse, TomlError } from "smol-toml";
import { quote, RefusedError } from "../../lambda/contract/refusal.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { didYouMean } from "./nearest.ts";
import {
  environmentVariable,
  type SettingKey,
  type SettingValues,
  settingKeys,
  settings,
} from "./settings.ts";
import { withAdvice } from "./toml-advice.ts";
import { lineOfKey } from "./toml-lines.ts";
import { describeUnknown, isSettingKey, tableNames } from "./unknown-key.ts";
import { type Kind, ValueProblem } from "./value-kinds.ts";

/** A text with the name that messages give it. */
export interface ConfigFile {
  readonly path: string;
  readonly toml: string;
}

/** Says where a value stands: `config.toml:3: region`, `--region`, `UPDATE_ROUTE53_REGION`. */
type Place = (key: string) => string;

/**
 * Reads the settings of a TOML file.
 * @throws {ExpectedFailure} 78, with file, line, key, expectation and finding
 */
export function parseConfigFile({ path, toml }: ConfigFile): SettingValues {
  const table = flatten(parseToml(path, toml));
  const place: Place = (key) => placeInFile({ path, toml }, key);
  for (const key of Object.keys(table)) {
    if (!isSettingKey(key)) throw configError(`${place(key)}: ${describeUnknown(key)}`);
  }
  return readValues(table, place, exitCode.configuration);
}

export function placeInFile({ path, toml }: ConfigFile, key: string): string {
  const line = lineOfKey(toml, key);
  return `${path}:${line === undefined ? "" : `${line}:`} ${key}`;
}

/** The keys of tables behind the names of their tables: `ipv6.sources`. */
function flatten(table: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    if (!tableNames.has(key) || !isTable(value)) flat[key] = value;
    else for (const [inner, found] of Object.entries(value)) flat[`${key}.${inner}`] = found;
  }
  return flat;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseToml(path: string, toml: string): Readonly<Record<string, unknown>> {
  try {
    return parse(toml);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [problem = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    throw configError(`${path}:${error.line}: expected TOML, column ${error.column}: ${withAdvice(problem)}`);
  }
}

const PREFIX = "UPDATE_ROUTE53_";
const known = ["UPDATE_ROUTE53_CONFIG", "UPDATE_ROUTE53_LOG", ...settingKeys.map(environmentVariable)];

/** Reads the settings that the environment gives. An empty variable counts as not given. */
export function parseEnvironment(environment: NodeJS.ProcessEnv): SettingValues {
  const unknown = Object.keys(environment).find((name) => name.startsWith(PREFIX) && !known.includes(name));
  if (unknown !== undefined) throw configError(`${unknown}: unknown variable${didYouMean(unknown, known)}`);
  const given = settingKeys.map((key) => [key, environment[environmentVariable(key)] || undefined] as const);
  const place: Place = (key) => environmentVariable(key as SettingKey);
  return readValues(fromTexts(given), place, exitCode.configuration);
}

export const placeOfFlag = (key: SettingKey) => `--${(settings[key] as { flag?: string }).flag}`;

/** The texts of the flags, by key; several where a flag is repeated. */
export type FlagTexts = { readonly [K in SettingKey]?: readonly string[] };

/**
 * Reads the settings that the command line gives.
 * @throws {ExpectedFailure} 64 for a malformed value, 65 for a name that cannot be published
 */
export function parseFlags(texts: FlagTexts): SettingValues {
  const given = settingKeys.map((key) => [key, texts[key]] as const);
  return readValues(fromTexts(given), (key) => placeOfFlag(key as SettingKey), exitCode.usage);
}

function fromTexts(given: readonly (readonly [SettingKey, string | readonly string[] | undefined])[]) {
  const values: Record<string, unknown> = {};
  for (const [key, texts] of given) {
    if (texts === undefined) continue;
    const { isList, fromText = (text: string): unknown => text }: Kind<unknown> = settings[key].kind;
    values[key] = isList && typeof texts !== "string" ? texts : fromText(String(texts));
  }
  return values;
}

function readValues(given: Readonly<Record<string, unknown>>, place: Place, code: 64 | 78): SettingValues {
  const values: Record<string, unknown> = {};
  for (const key of settingKeys) {
    if (given[key] === undefined) continue;
    values[key] = readValue(key, given[key], place(key), code);
  }
  return values as SettingValues;
}

function readValue(key: SettingKey, given: unknown, place: string, code: 64 | 78): unknown {
  const { kind } = settings[key];
  const found = "secret" in settings[key] ? "something else" : quote(given);
  try {
    const value = kind.read(given);
    if (value !== undefined) return value;
  } catch (error) {
    if (error instanceof ValueProblem) throw new ExpectedFailure(code, `${place}: ${error.message}`);
    if (!(error instanceof RefusedError)) throw error;
    // On the command line, a name that cannot be published is bad data rather than bad usage.
    throw new ExpectedFailure(
      code === exitCode.usage ? exitCode.refused : code,
      `${place}: ${error.message}`,
    );
  }
  throw new ExpectedFailure(code, `${place}: expected ${kind.expected}, got ${found}`);
}

/** Later layers win over earlier ones; the defaults lie below all of them. */
export function mergeSettings(layers: readonly SettingValues[]): SettingValues {
  const defaults = Object.fromEntries(
    settingKeys.map((key) => [key, "default" in settings[key] ? settings[key].default : undefined]),
  );
  return Object.assign({}, defaults, ...layers);
}

function configError(message: string): ExpectedFailure {
  return new ExpectedFailure(exitCode.configuration, message);
}
