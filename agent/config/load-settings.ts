import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Arguments } from "./arguments.ts";
import { checkSettings } from "./check-settings.ts";
import { readConfigFile } from "./config-file.ts";
import {
  type FlagTexts,
  mergeSettings,
  parseConfigFile,
  parseEnvironment,
  parseFlags,
  placeInFile,
  placeOfFlag,
} from "./parse-settings.ts";
import { environmentVariable, type SettingValues, settingKeys, settings } from "./settings.ts";

export const DEFAULT_CONFIG_PATH = "/etc/update-route53.toml";

export interface LoadedSettings {
  readonly settings: SettingValues;
  /** The file that was read; undefined where none was named and the default one does not exist. */
  readonly configPath: string | undefined;
}

/**
 * Reads file, environment and flags, in rising order of weight.
 * @throws {ExpectedFailure} 64, 65 or 78
 */
export function loadSettings({ texts }: Arguments, environment: NodeJS.ProcessEnv): LoadedSettings {
  const named = texts.config?.[0] ?? (environment.UPDATE_ROUTE53_CONFIG || undefined);
  const path = named ?? DEFAULT_CONFIG_PATH;
  const file = readConfigFile(path);
  if (file === undefined && named !== undefined) {
    throw new ExpectedFailure(exitCode.configuration, `${path}: expected a configuration file, found none`);
  }
  const ofFile = file ? parseConfigFile(file) : {};
  const ofEnvironment = parseEnvironment(environment);
  const ofFlags = parseFlags(flagTexts(texts));
  const merged = mergeSettings([regionOfSdk(environment), ofFile, ofEnvironment, ofFlags]);
  checkSettings(merged, (key) => {
    if (key in ofFlags) return placeOfFlag(key);
    if (key in ofEnvironment) return environmentVariable(key);
    return file && key in ofFile ? placeInFile(file, key) : key;
  });
  return { settings: merged, configPath: file?.path };
}

function flagTexts(texts: Arguments["texts"]): FlagTexts {
  const byKey = settingKeys.map((key) => [key, texts[(settings[key] as { flag?: string }).flag ?? ""]]);
  return Object.fromEntries(byKey);
}

/** What the AWS SDK would take: known here, so that a state is not taken for that of another region. */
function regionOfSdk({ AWS_REGION }: NodeJS.ProcessEnv): SettingValues {
  return AWS_REGION ? { region: AWS_REGION } : {};
}
