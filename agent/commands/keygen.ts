import { generateKeyPairSync } from "node:crypto";
import { formatPublicKey } from "../../lambda/contract/signature.ts";
import { DEFAULT_KEY_PATH } from "../command-table.ts";
import type { Context } from "../context.ts";
import { type ExitCode, ExpectedFailure, exitCode } from "../exit-code.ts";
import { createPrivateFile, replacePrivateFile } from "../publish/key-file.ts";
import { describeSystemError, systemErrorCode } from "../system-error.ts";

/** Writes a new private key, which never leaves its file, and prints its public half. */
export async function keygen({ given, print, log }: Context): Promise<ExitCode> {
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
  return exitCode.ok;
}

function cannotCreate(path: string, isForced: boolean, cause: unknown): ExpectedFailure {
  const existing = isForced
    ? "expected a file, found something else"
    : "expected no file, found one, which --force replaces";
  const problem =
    systemErrorCode(cause) === "EEXIST"
      ? existing
      : `expected to write the private key, but ${describeSystemError(cause, "directory")}`;
  return new ExpectedFailure(exitCode.cannotCreate, `${path}: ${problem}`, { cause });
}
