import type { Address } from "../lambda/contract/address.ts";
import type { Arguments } from "./config/arguments.ts";
import { type Authorities, loadAuthorities } from "./config/authorities.ts";
import { isReadableByOthers } from "./config/config-file.ts";
import { type Credentials, loadCredentials } from "./config/credentials.ts";
import type { Domain } from "./config/domain.ts";
import { howToSet } from "./config/how-to-set.ts";
import { type LoadedSettings, loadSettings } from "./config/load-settings.ts";
import type { SettingValues } from "./config/settings.ts";
import { parseGivenAddresses } from "./detect/given-address.ts";
import { ExpectedFailure, exitCode } from "./exit-code.ts";
import type { Log } from "./log.ts";
import { destinationOfSettings } from "./state/destination.ts";

/** Why there is something to do: a person or timer asks, a hook fired, or a person gave the addresses. */
export type Trigger =
  | { readonly kind: "asked" }
  | { readonly kind: "hook"; readonly interface: string; readonly hint: string | undefined }
  | { readonly kind: "given"; readonly addresses: readonly Address[] };

/** One thing to do, with all that it takes: everything a command line, environment and file say. */
export interface Job {
  readonly trigger: Trigger;
  readonly settings: SettingValues;
  readonly domains: readonly Domain[];
  readonly credentials: Credentials | undefined;
  readonly authorities: Authorities | undefined;
  /** The file that was read, for messages about what is missing in it. */
  readonly configPath: string | undefined;
  readonly isForced: boolean;
  /** Who signs, where the settings say: a name alone says who the device is, and proves nothing. */
  readonly device: Device | undefined;
}

export interface Device {
  readonly name: string;
  readonly privateKeyFile: string | undefined;
}

/**
 * Makes a job of a command line.
 * @throws {ExpectedFailure} 64, 65 or 78
 */
export function createJob(given: Arguments, environment: NodeJS.ProcessEnv, log: Log): Job {
  return jobOf(loadSettings(given, environment), given, log);
}

/** The same of settings that were loaded already. */
export function jobOf({ settings, configPath }: LoadedSettings, given: Arguments, log: Log): Job {
  log.debug(configPath ? `configuration: ${configPath}` : "configuration: no file");
  if (settings.domains === undefined) {
    throw new ExpectedFailure(
      exitCode.configuration,
      `domains: expected the names to keep up to date, found none; ${howToSet('domains = ["home.example.com"]', configPath)}`,
    );
  }
  const { credentials, exposedFiles } = loadCredentials(settings, configPath);
  const device = deviceOf(settings, configPath);
  const exposedKeys = [device?.privateKeyFile]
    .filter((path) => path !== undefined)
    .filter(isReadableByOthers);
  for (const path of [...exposedFiles, ...exposedKeys]) {
    log.warn(`${path}: others can read the secret in it, expected mode 0600`);
  }
  return {
    trigger: triggerOf(given),
    settings,
    domains: settings.domains,
    credentials,
    authorities: loadAuthorities(settings.ca_file),
    configPath,
    isForced: given.switches.has("force"),
    device,
  };
}

/**
 * Who the settings say that this device is.
 * @throws {ExpectedFailure} 78
 */
export function deviceOf(settings: SettingValues, configPath: string | undefined): Device | undefined {
  const { "device.name": name, "device.private_key_file": privateKeyFile } = settings;
  if (name !== undefined) return { name, privateKeyFile };
  if (privateKeyFile === undefined) return undefined;
  const problem = "device.name: expected a name beside device.private_key_file, found none";
  const fix = howToSet('name = "attic"', configPath, "device");
  throw new ExpectedFailure(exitCode.configuration, `${problem}; ${fix}`);
}

function triggerOf({ texts, positionals }: Arguments): Trigger {
  const [name, hint] = positionals;
  if (name !== undefined) return { kind: "hook", interface: name, hint };
  return texts.ip ? { kind: "given", addresses: parseGivenAddresses(texts.ip) } : { kind: "asked" };
}

/** The stream that a state is about. */
export function destinationOf({ settings }: Job): string {
  return destinationOfSettings(settings);
}
