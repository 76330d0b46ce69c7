import type { Address } from "../lambda/contract/address.ts";
import type { AddressUpdate } from "../lambda/contract/payload.ts";
import type { Arguments } from "./config/arguments.ts";
import { type Credentials, loadCredentials } from "./config/credentials.ts";
import type { Domain } from "./config/domain.ts";
import { loadSettings } from "./config/load-settings.ts";
import type { SettingValues } from "./config/settings.ts";
import { parseGivenAddresses } from "./detect/given-address.ts";
import { ExpectedFailure, exitCode } from "./exit-code.ts";
import type { Log } from "./log.ts";
import { loadSigner, type Signer, type UnsignedUpdate } from "./publish/sign.ts";

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
  readonly isForced: boolean;
  /** Adds what the device says of itself: its name, the time and its signature, where it has them. */
  readonly sign: Sign | undefined;
}

type Sign = (update: UnsignedUpdate) => AddressUpdate;

/**
 * Makes a job of a command line.
 * @throws {ExpectedFailure} 64, 65 or 78
 */
export function createJob(given: Arguments, environment: NodeJS.ProcessEnv, log: Log): Job {
  const { settings, configPath } = loadSettings(given, environment);
  log.debug(configPath ? `configuration: ${configPath}` : "configuration: no file");
  if (settings.domains === undefined) {
    throw new ExpectedFailure(
      exitCode.configuration,
      "domains: expected the names to keep up to date, found none",
    );
  }
  const { credentials, exposedFiles } = loadCredentials(settings, configPath);
  const signer = loadSignerOf(settings);
  for (const path of [...exposedFiles, ...(signer?.exposedFiles ?? [])]) {
    log.warn(`${path}: others can read the secret in it, expected mode 0600`);
  }
  return {
    trigger: triggerOf(given),
    settings,
    domains: settings.domains,
    credentials,
    isForced: given.switches.has("force"),
    sign: signer && ((update) => signer.sign(update, new Date())),
  };
}

/** A device may have a name without a key: then it says who it is, and proves nothing. */
function loadSignerOf({
  "device.name": device,
  "device.private_key_file": path,
}: SettingValues): Signer | undefined {
  if (device === undefined) {
    if (path === undefined) return undefined;
    const problem = "device.name: expected a name beside device.private_key_file, found none";
    throw new ExpectedFailure(exitCode.configuration, problem);
  }
  if (path !== undefined) return loadSigner(path, device);
  return {
    sign: (update, instant) => ({ ...update, device, issuedAt: instant.toISOString() }),
    exposedFiles: [],
  };
}

function triggerOf({ texts, positionals }: Arguments): Trigger {
  const [name, hint] = positionals;
  if (name !== undefined) return { kind: "hook", interface: name, hint };
  return texts.ip ? { kind: "given", addresses: parseGivenAddresses(texts.ip) } : { kind: "asked" };
}

/** The stream that a state is about. */
export function destinationOf({ settings }: Job): string {
  return `${settings.stream}@${settings.region ?? ""}`;
}
