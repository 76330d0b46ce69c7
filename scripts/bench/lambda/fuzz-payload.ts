// Payloads as devices make them, and as others would have to: with nothing of the agent's or the function's.
import { Buffer } from "node:buffer";
import { sign } from "node:crypto";
import { fuzzKeys } from "./fuzz-policy.ts";
import { readPayload } from "./model-reading.ts";

/** What somebody wants to be put on the stream. */
export interface Intent {
  readonly ip: string;
  readonly claim: readonly [device: string | undefined, domain: string];
  readonly request: number;
  readonly issuedAgoMs: number | undefined;
  readonly ttl: number | undefined;
  /** Whose key signs: the named device's own, none, or another's. */
  readonly signer: string;
  readonly hasNewKey: boolean;
  /** What is done to it behind the signer's back. */
  readonly spoiling: "other address" | "other scalar" | "field twice" | undefined;
}

/** Encodes an intent as JSON. The reading of what a device signs itself goes to `signed`. */
export function encodeIntent(intent: Intent, arrivedAtMs: number, signed: Set<string>): string {
  const { ip, claim, request, issuedAgoMs, ttl, spoiling } = intent;
  const [device, domain] = claim;
  const issued_at = issuedAgoMs === undefined ? undefined : new Date(arrivedAtMs - issuedAgoMs).toISOString();
  const uuid = `70e3e22a-e50e-4770-89ae-6f1d95da9b4${request}`;
  const signature = signatureOf(intent, { uuid, device, issued_at, ttl });
  const fields = { ip, domain, uuid, device, issued_at, ttl, signature };
  const text = JSON.stringify(fields);
  if (signature && signerOf(intent) === device && issued_at) signed.add(JSON.stringify(read(text)));
  if (spoiling === "field twice") return text.replace("{", `{"ip":"81.2.3.6",`);
  if (spoiling === "other address") return JSON.stringify({ ...fields, ip: "81.2.3.6" });
  if (spoiling === "other scalar" && signature) {
    return JSON.stringify({ ...fields, signature: withOtherScalar(signature) });
  }
  return text;
}

const read = (text: string) => readPayload(Buffer.from(text).toString("base64"));

const signerOf = ({ signer, claim }: Intent) => (signer === "own" ? claim[0] : signer);

type OtherFields = Readonly<Record<"uuid" | "device" | "issued_at" | "ttl", string | number | undefined>>;

/** The signature that the contract describes, of the one spelling of all fields. */
function signatureOf(intent: Intent, others: OtherFields): string | undefined {
  const { ip, claim, hasNewKey } = intent;
  const [, domain] = claim;
  const key = fuzzKeys.get(signerOf(intent) ?? "")?.[Number(hasNewKey)];
  const reading = read(JSON.stringify({ ip, domain, ...others }));
  if (!key || !reading) return undefined;
  const canonical = { ip: reading.address, domain: reading.name.slice(0, -1), ...others };
  return sign(null, Buffer.from(`update-route53/1\n${JSON.stringify(canonical)}`), key).toString("base64");
}

/** RFC 8032 section 5.1.7: the scalar of a signature is below this. Verifiers that do not look accept two of them. */
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** A second signature of the same fields, as anybody can make it who has the first; no verifier may accept it. */
function withOtherScalar(signature: string): string {
  const bytes = Buffer.from(signature, "base64");
  // Little-endian.
  const scalar = BigInt(`0x${Buffer.from(bytes.subarray(32).toReversed()).toString("hex")}`);
  const other = Buffer.from((scalar + GROUP_ORDER).toString(16).padStart(64, "0"), "hex").toReversed();
  return Buffer.concat([bytes.subarray(0, 32), other]).toString("base64");
}

/** The same payload in another spelling, which its signature covers as well. */
export function respell(text: string): string {
  const { domain, ...others } = JSON.parse(text);
  return JSON.stringify({ again: true, ...others, domain: String(domain).toUpperCase() }, undefined, 1);
}
