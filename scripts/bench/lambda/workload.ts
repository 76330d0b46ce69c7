import { generateKeyPairSync, randomUUID } from "node:crypto";
import type { KinesisStreamEvent } from "aws-lambda";
import { parsePublicAddress } from "../../../lambda/contract/address.ts";
import { parseFqdn } from "../../../lambda/contract/fqdn.ts";
import { type AddressUpdate, encodeAddressUpdate } from "../../../lambda/contract/payload.ts";
import { formatPublicKey, signAddressUpdate } from "../../../lambda/contract/signature.ts";
import type { SettingsDocument } from "../../../lambda/settings.ts";
import { kinesisEvent } from "./event.ts";

const ZONES = 20;
const ARRIVED_AT_MS = Date.parse("2026-01-31T12:00:00.000Z");
const key = generateKeyPairSync("ed25519");
const zones = Array.from({ length: ZONES }, (_, index) => ({
  name: `z${index}.example.com`,
  id: `Z${index}`,
}));

/** Twenty zones, each with a pattern that needs no signature, and a device with a key for names below it. */
export const workloadSettings: SettingsDocument = {
  zones,
  devices: [
    {
      name: "fleet",
      domains: zones.map(({ name }) => `*.signed.${name}`),
      publicKeys: [formatPublicKey(key.publicKey)],
    },
  ],
  unsignedDomains: zones.map(({ name }) => `*.${name}`),
};

export const workloadPublicKey = key.publicKey;

export interface Workload {
  readonly event: KinesisStreamEvent;
  readonly updates: readonly AddressUpdate[];
}

/** As many updates, half of them of IPv6 addresses, of as many different names, spread over the zones. */
export function createWorkload(
  count: number,
  { names = count, isSigned = false }: { names?: number; isSigned?: boolean },
): Workload {
  const updates = Array.from({ length: count }, (_, index) => {
    const name = index % names;
    // One family a name: with both, a name would be two RRsets.
    const ip =
      name % 2 === 0
        ? `81.${name >> 16}.${(name >> 8) & 255}.${index & 255}`
        : `2600:${name.toString(16)}::1`;
    const plain = { address: parsePublicAddress(ip), uuid: randomUUID() };
    const zone = zones[name % ZONES]?.name;
    if (!isSigned) return { ...plain, fqdn: parseFqdn(`host${name}.${zone}`) };
    const issuedAt = new Date(ARRIVED_AT_MS - 1000).toISOString();
    const update = { ...plain, fqdn: parseFqdn(`host${name}.signed.${zone}`), device: "fleet", issuedAt };
    return signAddressUpdate(update, key.privateKey);
  });
  const deliveries = updates.map((update) => ({
    data: encodeAddressUpdate(update),
    arrivedAtMs: ARRIVED_AT_MS,
  }));
  return { event: kinesisEvent(deliveries), updates };
}
