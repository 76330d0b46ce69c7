import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { isReadableByOthers, readSecretFile } from "./config-file.ts";
import { howToSet } from "./how-to-set.ts";
import type { SettingValues } from "./settings.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface LoadedCredentials {
  /** Undefined where nothing is configured: the AWS SDK then looks where it always does. */
  readonly credentials: Credentials | undefined;
  /** Files with a secret that others on this machine can read. */
  readonly exposedFiles: readonly string[];
}

/**
 * The credentials that the settings give or name files for.
 * @param configPath the file the settings came from, where there is one
 * @throws {ExpectedFailure} 78 where half of them is missing or a file cannot be read
 */
export function loadCredentials(settings: SettingValues, configPath: string | undefined): LoadedCredentials {
  const accessKeyId = fromEither(settings, "access_key_id");
  const secretAccessKey = fromEither(settings, "secret_access_key");
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    const missing = accessKeyId === undefined ? "access_key_id" : "secret_access_key";
    throw new ExpectedFailure(
      exitCode.configuration,
      `expected both halves of the credentials, found no ${missing}; ${howToSet(`${missing} = "..."`, configPath)}`,
    );
  }
  const secretPaths = [settings.access_key_id_file, settings.secret_access_key_file];
  if (settings.secret_access_key !== undefined) secretPaths.push(configPath);
  const exposedFiles = secretPaths.filter((path) => path !== undefined).filter(isReadableByOthers);
  const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  return { credentials, exposedFiles };
}

type SecretKey = "access_key_id" | "secret_access_key";

function fromEither(settings: SettingValues, key: SecretKey): string | undefined {
  const path = settings[`${key}_file`];
  if (path === undefined) return settings[key];
  if (settings[key] !== undefined) {
    throw new ExpectedFailure(exitCode.configuration, `expected one of ${key} and ${key}_file, found both`);
  }
  const secret = readSecretFile(path, key);
  if (/^[\x21-\x7e]+$/.test(secret)) return secret;
  const expected = "expected one line without spaces";
  throw new ExpectedFailure(exitCode.configuration, `${path}: ${key}: ${expected}, got something else`);
}
