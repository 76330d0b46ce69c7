import { createPrivateKey, type KeyObject } from "node:crypto";
import type { AddressUpdate } from "../../lambda/contract/payload.ts";
import { signAddressUpdate } from "../../lambda/contract/signature.ts";
import { isReadableByOthers, readSecretFile } from "../config/config-file.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Device } from "../job.ts";

export type UnsignedUpdate = Omit<AddressUpdate, "device" | "issuedAt" | "signature">;

export interface Signer {
  /** The update in the name of the device, issued and signed at the instant. */
  readonly sign: (update: UnsignedUpdate, instant: Date) => AddressUpdate;
  /** The key file, where others on this machine can read it. */
  readonly exposedFiles: readonly string[];
}

/**
 * Loads the key that a device signs its updates with.
 * @param path a file with an Ed25519 private key in PEM (PKCS #8, RFC 8410), as `keygen` and openssl write it
 * @throws {ExpectedFailure} 78 where there is none
 */
export function loadSigner(path: string, deviceName: string): Signer {
  const privateKey = parsePrivateKey(readSecretFile(path, "the private key"), path);
  return {
    sign: (update, instant) =>
      signAddressUpdate({ ...update, device: deviceName, issuedAt: instant.toISOString() }, privateKey),
    exposedFiles: isReadableByOthers(path) ? [path] : [],
  };
}

function parsePrivateKey(pem: string, path: string): KeyObject {
  const refuse = (found: string, cause?: unknown) =>
    new ExpectedFailure(
      exitCode.configuration,
      `${path}: expected an Ed25519 private key, as "update-route53 keygen" makes it, got ${found}`,
      { cause },
    );
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw refuse(pem.includes("ENCRYPTED") ? "one behind a passphrase" : "something else", error);
  }
  if (key.asymmetricKeyType !== "ed25519") throw refuse(`one of type ${key.asymmetricKeyType}`);
  return key;
}

/**
 * What adds to an update that which the device says of itself; undefined for a device without a name.
 * @throws {ExpectedFailure} 78 where its key cannot be used
 */
export function signerOf(device: Device | undefined): Signer["sign"] | undefined {
  if (device === undefined) return undefined;
  const { name, privateKeyFile } = device;
  if (privateKeyFile === undefined) {
    return (update, instant) => ({ ...update, device: name, issuedAt: instant.toISOString() });
  }
  return loadSigner(privateKeyFile, name).sign;
}
