// Random events for the function: mostly what devices send, partly what nobody should.
import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject } from "node:crypto";
import type { KinesisStreamRecord } from "aws-lambda";
import fc from "fast-check";
import { decodeAddressUpdate, encodeAddressUpdate } from "../../lambda/contract/payload.ts";
import { formatPublicKey, signAddressUpdate } from "../../lambda/contract/signature.ts";
import type { SettingsDocument } from "../../lambda/settings.ts";
import { kinesisEvent } from "./lambda-event.ts";
import type { Rule } from "./lambda-model.ts";

const ARRIVED_AT_MS = Date.parse("2026-01-31T12:00:00.000Z");
/** Ed25519 keys that are the same on every run: RFC 8410's envelope around a secret of 32 equal bytes. */
const [atticKey, spareKey, strangersKey] = [1, 2, 3].map((byte) => {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, byte)]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}) as [KeyObject, KeyObject, KeyObject];
const privateKeys = new Map([
  ["attic", atticKey],
  ["spare", spareKey],
  ["stranger", strangersKey],
]);

/** Two keyed devices that share a name, one without a key, and names for everybody. */
export const fuzzSettings: SettingsDocument = {
  zones: [
    { name: "example.com", id: "Z1" },
    { name: "dyn.example.com", id: "Z2" },
  ],
  devices: [
    {
      name: "attic",
      domains: ["home.example.com", "*.dyn.example.com"],
      ttl: { min: 30, max: 300, default: 120 },
      publicKeys: [formatPublicKey(atticKey)],
    },
    { name: "spare", domains: ["home.example.com"], publicKeys: [formatPublicKey(spareKey)] },
    { name: "cellar", domains: ["**.cellar.example.com"], families: ["ipv6"] },
  ],
  unsignedDomains: ["*.lab.example.com", "example.com"],
  ttlSeconds: 60,
};

/** The same for the model. */
export const fuzzRules = new Map<string, Rule>([
  ["", { names: /^(?:(?!ns1\.|_)[^.]+\.lab\.|)example\.com\.$/, ttl: [60, 60, 60] }],
  ["attic", { names: /^(?:home\.example|[^.]+\.dyn\.example)\.com\.$/, ttl: [30, 120, 300], isKeyed: true }],
  ["spare", { names: /^home\.example\.com\.$/, ttl: [60, 60, 60], isKeyed: true }],
  ["cellar", { names: /^.+\.cellar\.example\.com\.$/, isIpv6Only: true, ttl: [60, 60, 60] }],
]);
/** It has a CNAME. */
export const impossibleNames = new Set(["cname.lab.example.com."]);

const permitted: readonly (readonly [device: string | undefined, domain: string])[] = [
  ["attic", "home.example.com"],
  ["attic", "HOME.example.com."],
  ["attic", "*.dyn.example.com"],
  ["spare", "home.example.com"],
  ["cellar", "x.y.cellar.example.com"],
  [undefined, "a.lab.example.com"],
  [undefined, "example.com"],
  [undefined, "cname.lab.example.com"],
];
const devices = ["attic", "spare", "cellar", "garage", "__proto__", undefined];
const badNames = ["notexample.com", "home.example.com.evil.org", "a.b.dyn.example.com", "dyn.example.com"];
badNames.push("ns1.lab.example.com", "home.ехample.com", "a.lab.example.com\u0000", "a\\052.lab.example.com");
badNames.push("cellar.example.com", "__proto__.lab.example.com", "", "com");
const goodIps = ["81.2.3.4", "81.2.3.5", "2600::1", "2600:0:0::2"];
const badIps = ["10.0.0.1", "192.168.1.1", "fe80::1", "::ffff:81.2.3.4", "81.2.3", "1.2.3.4/32", ""];

const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: bad });

const anyName = fc.constantFrom(...badNames, ...permitted.map(([, domain]) => domain));
const intent = fc.record({
  ip: mostly(fc.constantFrom(...goodIps), fc.constantFrom(...badIps)),
  claim: mostly(fc.constantFrom(...permitted), fc.tuple(fc.constantFrom(...devices), anyName)),
  issuedAgoMs: mostly<number | undefined>(
    fc.integer({ min: -1_000, max: 3_000 }),
    fc.constantFrom(undefined, 300_000, 300_001, -300_000, -300_001),
  ),
  ttl: fc.constantFrom(undefined, 0, 45, 200, 86_400),
  signer: mostly(fc.constant("own"), fc.constantFrom("none", "attic", "stranger")),
});
type Intent = typeof intent extends fc.Arbitrary<infer T> ? T : never;

/** A way to spoil the bytes of a payload: some of them are replaced. */
const damage = mostly<{ at: number; drop: number; insert: Uint8Array } | undefined>(
  fc.constant(undefined),
  fc.oneof(
    fc.record({ at: fc.nat(400), drop: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }),
    fc.record({ at: fc.constant(0), drop: fc.constant(2_000), insert: fc.uint8Array() }),
    fc.json().map((text) => ({ at: 0, drop: 2_000, insert: Buffer.from(text) })),
  ),
);

type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

/** The bytes of a payload. What a device signs goes to `signed`. */
function payloadOf({ ip, claim, issuedAgoMs, ttl, signer }: Intent, signed: Set<string>): Uint8Array {
  const [device, domain] = claim;
  const issued_at =
    issuedAgoMs === undefined ? undefined : new Date(ARRIVED_AT_MS - issuedAgoMs).toISOString();
  const uuid = "70e3e22a-e50e-4770-89ae-6f1d95da9b44";
  const plain = JSON.stringify({ ip, domain, uuid, device, issued_at, ttl });
  const decoded = decodeAddressUpdate(Buffer.from(plain));
  const signerName = signer === "own" ? device : signer;
  const privateKey = privateKeys.get(signerName ?? "");
  if (!decoded.ok || !privateKey) return Buffer.from(plain);
  const update = signAddressUpdate(decoded.update, privateKey);
  if (signerName === update.device && update.issuedAt !== undefined) signed.add(JSON.stringify(update));
  return encodeAddressUpdate(update);
}

/** What comes in an event besides records of a stream: never, but for a mistake. */
const junk = fc.constantFrom(null, {}, { kinesis: {} }, { kinesis: { sequenceNumber: "x" } }, "x");

/** An event as the function gets it, the records in it, and all that was signed in it by whom it names. */
export interface FuzzedBatch {
  readonly event: { readonly Records: readonly unknown[] };
  readonly records: readonly KinesisStreamRecord[];
  readonly signed: ReadonlySet<string>;
}

function createBatch(parts: readonly (readonly [Intent, Damage])[], mess: readonly unknown[]): FuzzedBatch {
  const signed = new Set<string>();
  const deliveries = parts.map(([asked, spoiling]) => {
    const bytes = payloadOf(asked, signed);
    const { at, drop, insert } = spoiling ?? { at: 0, drop: 0, insert: new Uint8Array() };
    const start = at % (bytes.length + 1);
    const data = Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + drop)]);
    return { data, arrivedAtMs: ARRIVED_AT_MS };
  });
  const records = kinesisEvent(deliveries).Records;
  const told = () => deliveries.map(({ data }) => JSON.stringify(data.toString())).join("\n");
  // Where there is a mess, the order is one, too.
  const Records = mess.length > 0 ? [...mess, ...records.toReversed()] : records;
  return Object.assign({ event: { Records }, records, signed }, { [fc.toStringMethod]: told });
}

/** Random events, a good part of which is in order. */
export const fuzzedBatch = fc
  .tuple(
    fc.array(fc.tuple(intent, damage), { maxLength: 12, size: "max" }),
    mostly<unknown[]>(fc.constant([]), fc.array(junk, { maxLength: 2 })),
  )
  .map(([parts, mess]) => createBatch(parts, mess));
