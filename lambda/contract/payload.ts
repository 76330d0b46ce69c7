import { type Address, parsePublicAddress } from "./address.ts";
import { type Fqdn, fqdnToWire, parseFqdn } from "./fqdn.ts";
import { duplicateKey } from "./json-keys.ts";
import { type ContractReason, quote, RefusedError } from "./refusal.ts";

/** The payload of one Kinesis record: this name shall have this address. */
export interface AddressUpdate {
  readonly address: Address;
  readonly fqdn: Fqdn;
  /** RFC 9562, lower case. */
  readonly uuid: string;
  readonly device?: string;
  /** RFC 3339, UTC, milliseconds: what `Date.prototype.toISOString` gives. */
  readonly issuedAt?: string;
  readonly ttlSeconds?: number;
  /** Base64 of the 64 bytes of an Ed25519 signature. */
  readonly signature?: string;
}

export type Decoded =
  | { readonly ok: true; readonly update: AddressUpdate }
  | { readonly ok: false; readonly reason: ContractReason; readonly message: string };

export const LARGEST_PAYLOAD_BYTES = 1024;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What a device may be called. */
export const DEVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const SIGNATURE = /^[A-Za-z0-9+/]{85}[AQgw]==$/;
/** RFC 2181 section 8. */
const LONGEST_TTL_SECONDS = 2 ** 31 - 1;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Encodes an update as UTF-8 JSON, fields in the order of the contract, at most 1 KiB. */
export function encodeAddressUpdate(update: AddressUpdate): Uint8Array {
  const { address, fqdn, uuid, device, issuedAt, ttlSeconds, signature } = update;
  const fields = { ip: address.text, domain: fqdnToWire(fqdn), uuid, device, issued_at: issuedAt };
  return new TextEncoder().encode(JSON.stringify({ ...fields, ttl: ttlSeconds, signature }));
}

/** Decodes and checks the data of a Kinesis record. Total: every input gives an update or a reason. */
export function decodeAddressUpdate(data: Uint8Array): Decoded {
  try {
    return { ok: true, update: parsePayload(data) };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { ok: false, reason: error.reason, message: error.message };
  }
}

function parsePayload(data: Uint8Array): AddressUpdate {
  if (data.length > LARGEST_PAYLOAD_BYTES) {
    const limit = `expected at most ${LARGEST_PAYLOAD_BYTES} bytes`;
    throw new RefusedError("payload-too-large", `payload: ${limit}, got ${data.length}`);
  }
  const fields = parseObject(data);
  const device = optional(fields, "device", isDevice, "1 to 64 letters, digits, dots and hyphens");
  const issuedAt = optional(fields, "issued_at", isInstant, "an instant such as 2026-01-31T23:59:59.000Z");
  const ttlSeconds = optional(fields, "ttl", isTtl, `an integer from 0 to ${LONGEST_TTL_SECONDS}`);
  const signature = optional(fields, "signature", isSignature, "64 bytes in base64");
  const update: { -readonly [Field in keyof AddressUpdate]: AddressUpdate[Field] } = {
    address: parsePublicAddress(required(fields, "ip", isString, "a string")),
    fqdn: parseFqdn(required(fields, "domain", isString, "a string")),
    uuid: required(fields, "uuid", isUuid, "a UUID").toLowerCase(),
  };
  if (device !== undefined) update.device = device;
  if (issuedAt !== undefined) update.issuedAt = issuedAt;
  if (ttlSeconds !== undefined) update.ttlSeconds = ttlSeconds;
  if (signature !== undefined) update.signature = signature;
  return update;
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(data: Uint8Array): Fields {
  const malformed = (message: string) => new RefusedError("payload-malformed", `payload: ${message}`);
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(data);
    value = JSON.parse(text);
  } catch {
    throw malformed("expected JSON in UTF-8");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed("expected a JSON object");
  }
  // RFC 8259 section 4: readers disagree on which of two values counts.
  const twice = duplicateKey(text, value);
  if (twice !== undefined) throw malformed(`expected each field once, found ${quote(twice)} twice`);
  return value as Fields;
}

type Check<T> = (value: unknown) => value is T;

const isString = (value: unknown): value is string => typeof value === "string";
const isText =
  (pattern: RegExp): Check<string> =>
  (value): value is string =>
    typeof value === "string" && pattern.test(value);
const isUuid = isText(UUID);
const isDevice = isText(DEVICE_NAME);
const isSignature = isText(SIGNATURE);
const isTtl = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LONGEST_TTL_SECONDS;

/** Whether the text is an instant in the one spelling that the contract allows. */
function isInstant(value: unknown): value is string {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false;
  const instant = new Date(value);
  return !Number.isNaN(instant.getTime()) && instant.toISOString() === value;
}

function required<T>(fields: Fields, key: string, check: Check<T>, expected: string): T {
  const value = optional(fields, key, check, expected);
  if (value !== undefined) return value;
  throw new RefusedError("payload-malformed", `payload: ${key}: expected ${expected}, found nothing`);
}

function optional<T>(fields: Fields, key: string, check: Check<T>, expected: string): T | undefined {
  if (!Object.hasOwn(fields, key)) return undefined;
  const value = fields[key];
  if (check(value)) return value;
  throw new RefusedError("payload-malformed", `payload: ${key}: expected ${expected}, got ${quote(value)}`);
}
