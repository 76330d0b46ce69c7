import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { formatPublicKey } from "../../lambda/contract/signature.ts";
import type { Arguments } from "../config/arguments.ts";
import { isReadableByOthers } from "../config/config-file.ts";
import { type Credentials, loadCredentials } from "../config/credentials.ts";
import { DEFAULT_CONFIG_PATH, loadSettings } from "../config/load-settings.ts";
import { mergeSettings } from "../config/parse-settings.ts";
import type { SettingValues } from "../config/settings.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { deviceOf } from "../job.ts";
import { loadSigner } from "../publish/sign.ts";
import type { ConfigurationFacts, DeviceKeyFacts, Failure, SecretFile } from "./judge-files.ts";

export interface Configuration extends ConfigurationFacts {
  /** Where the configuration cannot be read: what is left of it. */
  readonly settings: SettingValues;
}

/**
 * Reads what is configured. Where that is wrong, the rest of the checks go on with the environment and defaults.
 * @throws {ExpectedFailure} 64 or 65, for the command line, which is here to be corrected
 */
export function lookAtConfiguration(given: Arguments, environment: NodeJS.ProcessEnv): Configuration {
  try {
    const { settings, configPath: path } = loadSettings(given, environment);
    return { settings, path, failure: undefined, domainCount: settings.domains?.length ?? 0 };
  } catch (error) {
    const failure = expect(error);
    if (failure.exitCode !== exitCode.configuration) throw error;
    const path = given.texts.config?.[0] ?? (environment.UPDATE_ROUTE53_CONFIG || DEFAULT_CONFIG_PATH);
    return { settings: withoutFile(given, environment), path, failure, domainCount: 0 };
  }
}

function withoutFile(given: Arguments, environment: NodeJS.ProcessEnv): SettingValues {
  try {
    const { config: _, ...texts } = given.texts;
    // A file that is there by default is the broken one.
    const nowhere = { ...environment, UPDATE_ROUTE53_CONFIG: "/dev/null" };
    return loadSettings({ ...given, texts }, nowhere).settings;
  } catch {
    return mergeSettings([]);
  }
}

/** What went wrong as expected; anything else is thrown on. */
export function expect(error: unknown): Failure {
  if (!(error instanceof ExpectedFailure)) throw error;
  return { reason: error.message, exitCode: error.exitCode };
}

export type LoadedCredentials =
  | { readonly credentials: Credentials | undefined }
  | { readonly failure: Failure };

export function lookAtCredentials(settings: SettingValues, path: string | undefined): LoadedCredentials {
  try {
    // The permissions of the file are another check.
    return { credentials: loadCredentials(settings, path).credentials };
  } catch (error) {
    return { failure: expectFile(error) };
  }
}

/** A file that cannot even be found is a failure too: its mode is asked for before it is read. */
function expectFile(error: unknown): Failure {
  if (error instanceof Error && "syscall" in error) {
    return { reason: error.message, exitCode: exitCode.configuration };
  }
  return expect(error);
}

/** Every file with a secret in it, and whether others can read it. */
export function lookAtSecrets(
  settings: SettingValues,
  configPath: string | undefined,
): readonly SecretFile[] {
  const paths = [
    settings.secret_access_key === undefined ? undefined : configPath,
    settings.access_key_id_file,
    settings.secret_access_key_file,
    settings["device.private_key_file"],
  ].filter((path) => path !== undefined);
  return paths.map((path) => ({ path, isReadableByOthers: ask(path) }));
}

function ask(path: string): boolean | undefined {
  try {
    return isReadableByOthers(path);
  } catch {
    return undefined;
  }
}

export function lookAtDeviceKey({ settings, path: configPath, failure }: Configuration): DeviceKeyFacts {
  try {
    const device = deviceOf(settings, configPath);
    // The environment may name one all the same.
    if (device === undefined) return failure ? { kind: "unread" } : { kind: "none", configPath };
    const { name, privateKeyFile: path } = device;
    if (path === undefined) return { kind: "nameOnly", device: name };
    // Refuses what is no key of the right kind.
    loadSigner(path, name);
    return { kind: "key", device: name, publicKey: formatPublicKey(createPrivateKey(readFileSync(path))) };
  } catch (error) {
    return { kind: "failure", failure: expectFile(error) };
  }
}
