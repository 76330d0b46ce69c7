import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { type AddressUpdate, encodeAddressUpdate } from "./payload.ts";
import { quote } from "./refusal.ts";

/** Says what is signed, so that a signature means nothing to any other use of the same key. */
const CONTEXT = new TextEncoder().encode("update-route53/1\n");

/** RFC 8410: the DER that comes before the 32 bytes of an Ed25519 public key (SubjectPublicKeyInfo). */
const PUBLIC_KEY_HEADER = Buffer.from("302a300506032b6570032100", "hex");
const PUBLIC_KEY_BYTES = 32;

/**
 * The bytes that a device signs: the line `update-route53/1`, a line feed, and the payload as
 * `encodeAddressUpdate` writes it (canonical values, fields in the contract's order, no white space)
 * without `signature`. No value can hold a character that JSON escapes.
 */
export function signedBytes(update: AddressUpdate): Uint8Array {
  const { signature: _, ...unsigned } = update;
  return Buffer.concat([CONTEXT, encodeAddressUpdate(unsigned)]);
}

/** The update with its Ed25519 signature (RFC 8032) in place. */
export function signAddressUpdate(update: AddressUpdate, privateKey: KeyObject): AddressUpdate {
  return { ...update, signature: sign(null, signedBytes(update), privateKey).toString("base64") };
}

/** Whether the update carries a signature of its own fields by this key. */
export function isSignedBy(update: AddressUpdate, publicKey: KeyObject): boolean {
  if (update.signature === undefined) return false;
  return verify(null, signedBytes(update), publicKey, Buffer.from(update.signature, "base64"));
}

/**
 * Parses a public key: its 32 bytes in base64, 44 characters.
 * @throws {Error} with what was expected and found
 */
export function parsePublicKey(text: string): KeyObject {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== PUBLIC_KEY_BYTES || bytes.toString("base64") !== text) {
    throw new Error(`expected an Ed25519 public key (32 bytes in base64), got ${quote(text)}`);
  }
  return createPublicKey({ key: Buffer.concat([PUBLIC_KEY_HEADER, bytes]), format: "der", type: "spki" });
}

/** The text that `parsePublicKey` reads, of a public key or of the public half of a private key. */
export function formatPublicKey(key: KeyObject): string {
  const publicKey = key.type === "public" ? key : createPublicKey(key);
  return publicKey.export({ format: "der", type: "spki" }).subarray(-PUBLIC_KEY_BYTES).toString("base64");
}
