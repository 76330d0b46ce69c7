import { generateKeyPairSync } from "node:crypto";
import { resolve } from "node:path";
import { formatPublicKey } from "../../lambda/contract/signature.ts";
import { DEFAULT_KEY_PATH } from "../command-table.ts";
import { howToSet } from "../config/how-to-set.ts";
import { DEFAULT_CONFIG_PATH, loadSettings } from "../config/load-settings.ts";
import type { Context } from "../context.ts";
import { type ExitCode, ExpectedFailure, exitCode } from "../exit-code.ts";
import { createPrivateFile, replacePrivateFile } from "../publish/key-file.ts";
import { describeSystemError, systemErrorCode } from "../system-error.ts";

/** Writes a new private key, which never leaves its file, and prints its public half. */
export async function keygen(context: Context): Promise<ExitCode> {
  const { given, print, log } = context;
  const path = given.texts.out?.[0] ?? DEFAULT_KEY_PATH;
  const isForced = given.switches.has("force");
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  try {
    if (isForced) replacePrivateFile(path, pem);
    else createPrivateFile(path, pem);
  } catch (error) {
    throw cannotCreate(path, isForced, error);
  }
  log.info(
    `${path}: wrote a new private key; its public key, for this device in the Pulumi configuration, is`,
  );
  const text = formatPublicKey(publicKey);
  print(given.switches.has("json") ? JSON.stringify({ path, publicKey: text }) : `publicKeys: ["${text}"]`);
  const advice = howToSign(resolve(path), context);
  if (advice !== undefined) log.info(advice);
  return exitCode.ok;
}

/** What is still to be done on this device; undefined where its configuration names the key. */
function howToSign(path: string, context: Context): string | undefined {
  const { named, configPath } = readNamedKey(context);
  if (named !== undefined && resolve(named) === path) return undefined;
  const line = howToSet(`private_key_file = ${JSON.stringify(path)}`, configPath, "device");
  return `updates are signed with it once the configuration names it: ${line}`;
}

function readNamedKey({ given, environment }: Context) {
  try {
    const { settings, configPath } = loadSettings(given, environment);
    return { named: settings["device.private_key_file"], configPath };
  } catch (error) {
    if (!(error instanceof ExpectedFailure)) throw error;
    // Whatever is wrong there, the key is written: who reads the configuration next says what to mend.
    return { named: undefined, configPath: environment.UPDATE_ROUTE53_CONFIG || DEFAULT_CONFIG_PATH };
  }
}

function cannotCreate(path: string, isForced: boolean, cause: unknown): ExpectedFailure {
  const existing = isForced
    ? "expected a file, found something else"
    : "expected no file, found one, which --force replaces; doctor prints the public key of the one that is configured";
  const problem =
    systemErrorCode(cause) === "EEXIST"
      ? existing
      : `expected to write the private key, but ${describeSystemError(cause, "directory")}`;
  return new ExpectedFailure(exitCode.cannotCreate, `${path}: ${problem}`, { cause });
}
