import type { AddressUpdate } from "./contract/payload.ts";
import { quote } from "./contract/refusal.ts";
import { isSignedBy } from "./contract/signature.ts";
import type { Arrival } from "./decode.ts";
import type { Sender, Settings } from "./settings.ts";
import { clampTtl } from "./ttl-range.ts";
import { findZone, type Zone } from "./zone.ts";

export type AuthorizeReason =
  | "device-unknown"
  | "name-outside-zones"
  | "name-reserved"
  | "name-not-allowed"
  | "wildcard-over-keyed"
  | "family-not-allowed"
  | "signature-missing"
  | "signature-invalid"
  | "issued-at-missing"
  | "issued-at-stale"
  | "issued-at-future";

/** An update that its sender may make. */
export interface AuthorizedUpdate {
  readonly update: AddressUpdate;
  readonly arrival: Arrival;
  readonly zone: Zone;
  readonly rrtype: "A" | "AAAA";
  readonly ttlSeconds: number;
  /** Whether the sender proved by a signature who it is, and when it wrote. */
  readonly isSigned: boolean;
}

export type Authorization =
  | { readonly ok: true; readonly authorized: AuthorizedUpdate }
  | { readonly ok: false; readonly reason: AuthorizeReason; readonly message: string };

type Refusal = Extract<Authorization, { ok: false }>;

const refusal = (reason: AuthorizeReason, message: string): Refusal => ({ ok: false, reason, message });

/** Decides whether the update's sender may make it. The time is that of the arrival, so that a retry decides alike. */
export function authorize(update: AddressUpdate, arrival: Arrival, settings: Settings): Authorization {
  const sender = update.device === undefined ? settings.unsigned : settings.devices.get(update.device);
  if (!sender)
    return refusal("device-unknown", `expected a device of the settings, got ${quote(update.device ?? "")}`);
  const zone = findZone(settings.zones, update.fqdn);
  if (!zone) return refusal("name-outside-zones", `expected a name inside a zone, got ${quote(update.fqdn)}`);
  const problem =
    refuseName(update, sender, settings) ??
    refuseSignature(update, sender) ??
    refuseAge(update, arrival, settings);
  if (problem) return problem;
  const rrtype = update.address.family === "ipv4" ? "A" : "AAAA";
  const ttlSeconds = clampTtl(update.ttlSeconds, sender.ttl);
  const isSigned = sender.publicKeys.length > 0;
  return { ok: true, authorized: { update, arrival, zone, rrtype, ttlSeconds, isSigned } };
}

function refuseName(
  { fqdn, address }: AddressUpdate,
  sender: Sender,
  settings: Settings,
): Refusal | undefined {
  const who = sender.device === undefined ? "a sender without a device" : `device ${quote(sender.device)}`;
  if (!sender.mayMove(fqdn)) {
    const problem = `${who} may not move ${quote(fqdn)}`;
    if (!sender.isReserved(fqdn)) return refusal("name-not-allowed", problem);
    const reserved = settings.zones.has(fqdn) ? "the apex of a zone" : "the name of a name server or service";
    return refusal("name-reserved", `${problem}: no pattern reaches ${reserved}`);
  }
  if (sender.publicKeys.length === 0 && settings.shadowsKeyed(fqdn)) {
    const problem = "would answer for names that only a signature may move";
    return refusal("wildcard-over-keyed", `${quote(fqdn)} ${problem}`);
  }
  if (sender.families.has(address.family)) return undefined;
  return refusal("family-not-allowed", `${who} may not publish ${address.family} addresses`);
}

function refuseSignature(update: AddressUpdate, { publicKeys }: Sender): Refusal | undefined {
  if (publicKeys.length === 0) return undefined;
  const device = quote(update.device ?? "");
  if (update.signature === undefined) {
    return refusal("signature-missing", `device ${device} has a key, so its updates must be signed`);
  }
  // Without it, a recorded update could be sent again for ever.
  if (update.issuedAt === undefined) {
    return refusal("issued-at-missing", `device ${device} has a key, so its updates must carry issued_at`);
  }
  if (publicKeys.some((publicKey) => isSignedBy(update, publicKey))) return undefined;
  return refusal("signature-invalid", `no key of device ${device} made this signature over these fields`);
}

function refuseAge({ issuedAt }: AddressUpdate, arrival: Arrival, settings: Settings): Refusal | undefined {
  if (issuedAt === undefined) return undefined;
  const ageMs = arrival.arrivedAtMs - Date.parse(issuedAt);
  if (Math.abs(ageMs) <= settings.freshnessMs) return undefined;
  const limit = `more than the ${settings.freshnessMs / 1000} s allowed`;
  const seconds = Math.abs(ageMs) / 1000;
  if (ageMs > 0) return refusal("issued-at-stale", `issued ${seconds} s before it arrived, ${limit}`);
  return refusal(
    "issued-at-future",
    `issued ${seconds} s after it arrived, ${limit}: is the device's clock right?`,
  );
}
