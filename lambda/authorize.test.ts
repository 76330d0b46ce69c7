import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { assert, describe } from "../scripts/describe.ts";
import { authorize } from "./authorize.ts";
import { parsePublicAddress } from "./contract/address.ts";
import { parseFqdn } from "./contract/fqdn.ts";
import type { AddressUpdate } from "./contract/payload.ts";
import { formatPublicKey, signAddressUpdate } from "./contract/signature.ts";
import { parseSettings } from "./settings.ts";

const key = generateKeyPairSync("ed25519");
const nextKey = generateKeyPairSync("ed25519");
const strangersKey = generateKeyPairSync("ed25519");

const arrivedAtMs = Date.parse("2026-01-31T12:00:00.000Z");
const arrival = { sequenceNumber: "1", arrivedAtMs, position: 0 };
const instant = (offsetSeconds: number) => new Date(arrivedAtMs + offsetSeconds * 1000).toISOString();

const settings = parseSettings({
  zones: [
    { name: "example.com", id: "Z1" },
    { name: "dyn.example.com", id: "Z2" },
    { name: "sub.lab.example.com", id: "Z3" },
    { name: "open.lab.example.com", id: "Z4" },
  ],
  devices: [
    {
      name: "attic",
      domains: ["attic.example.com", "*.attic.example.com"],
      ttl: { min: 30, max: 300, default: 120 },
      publicKeys: [key, nextKey].map(({ publicKey }) => formatPublicKey(publicKey)),
    },
    { name: "cellar", domains: ["*.dyn.example.com", "*.ns.example.com"], families: ["ipv6"] },
    { name: "deep", domains: ["a.b.den.example.com"], publicKeys: [formatPublicKey(key.publicKey)] },
    {
      name: "deeper",
      domains: ["*.b.den.example.com"],
      publicKeys: [formatPublicKey(key.publicKey)],
    },
    { name: "spare", domains: ["spare.example.com"], publicKeys: [formatPublicKey(strangersKey.publicKey)] },
  ],
  unsignedDomains: [
    "open.example.com",
    "dns.example.com",
    "**.lab.example.com",
    "open.lab.example.com",
    "*.den.example.com",
  ],
  ttlSeconds: 60,
});

type Fields = { ip?: string; domain?: string } & Omit<Partial<AddressUpdate>, "address" | "fqdn">;

function update({ ip = "81.2.3.4", domain = "open.example.com", ...fields }: Fields): AddressUpdate {
  const uuid = "70e3e22a-e50e-4770-89ae-6f1d95da9b44";
  return { address: parsePublicAddress(ip), fqdn: parseFqdn(domain), uuid, ...fields };
}

function signed(fields: Fields, privateKey: KeyObject = key.privateKey): AddressUpdate {
  const usual = { device: "attic", domain: "attic.example.com", issuedAt: instant(-1) };
  return signAddressUpdate(update({ ...usual, ...fields }), privateKey);
}

function decisionOn(asked: AddressUpdate): string {
  const decision = authorize(asked, arrival, settings);
  if (!decision.ok) return `${decision.reason}: ${decision.message}`;
  const { zone, rrtype, ttlSeconds, isSigned } = decision.authorized;
  return `${zone.id} ${rrtype} ${ttlSeconds}${isSigned ? " signed" : ""}`;
}

const { signature: goodSignature, ...unsigned } = signed({});
const withSignature = (fields: Partial<AddressUpdate>) => ({ ...signed({}), ...fields });

describe("authorize", (test) => {
  const allowed: [name: string, asked: AddressUpdate, expected: string][] = [
    ["an unsigned update of an open name", update({}), "Z1 A 60"],
    ["IPv6", update({ ip: "2600::1" }), "Z1 AAAA 60"],
    ["an unsigned update that wants a TTL, at the common one", update({ ttlSeconds: 5 }), "Z1 A 60"],
    ["a name below an open one", update({ domain: "a.b.lab.example.com" }), "Z1 A 60"],
    ["a wildcard below an open name", update({ domain: "*.lab.example.com" }), "Z1 A 60"],
    [
      "a device without a key, in the longest zone",
      update({ device: "cellar", domain: "a.dyn.example.com", ip: "2600::1" }),
      "Z2 AAAA 60",
    ],
    ["a name below the apex of another zone", update({ domain: "a.sub.lab.example.com" }), "Z3 A 60"],
    ["the apex of a zone that is written out", update({ domain: "open.lab.example.com" }), "Z4 A 60"],
    ["a name server's name that is written out", update({ domain: "dns.example.com" }), "Z1 A 60"],
    [
      "a name of a pattern in which the name server's label is written out",
      update({ device: "cellar", domain: "a.ns.example.com", ip: "2600::1" }),
      "Z1 AAAA 60",
    ],
    ["a signed update", signed({}), "Z1 A 120 signed"],
    [
      "a signed wildcard that answers for a name of another device with a key",
      signed({ device: "deeper", domain: "*.b.den.example.com" }),
      "Z1 A 60 signed",
    ],
    ["a signature by the key that comes next", signed({}, nextKey.privateKey), "Z1 A 120 signed"],
    ["a TTL in the range", signed({ ttlSeconds: 31 }), "Z1 A 31 signed"],
    ["too short a TTL, at the shortest", signed({ ttlSeconds: 0 }), "Z1 A 30 signed"],
    ["too long a TTL, at the longest", signed({ ttlSeconds: 86_400 }), "Z1 A 300 signed"],
    [
      "what was issued as long before its arrival as is allowed",
      signed({ issuedAt: instant(-300) }),
      "Z1 A 120 signed",
    ],
    ["what was issued as long after it", signed({ issuedAt: instant(300) }), "Z1 A 120 signed"],
    ["an unsigned update that says when", update({ issuedAt: instant(0) }), "Z1 A 60"],
  ];
  for (const [name, asked, expected] of allowed) {
    test(`allows ${name}`, () => assert.is(decisionOn(asked), expected));
  }

  const refused: [name: string, asked: AddressUpdate, expected: string][] = [
    [
      "a device it does not know",
      update({ device: "garage" }),
      'device-unknown: expected a device of the settings, got "garage"',
    ],
    [
      "a name like an object's property for a device",
      update({ device: "constructor" }),
      'device-unknown: expected a device of the settings, got "constructor"',
    ],
    [
      "a name outside every zone",
      update({ domain: "open.example.org" }),
      'name-outside-zones: expected a name inside a zone, got "open.example.org."',
    ],
    [
      "a zone's name with something before it",
      update({ domain: "open.notexample.com" }),
      'name-outside-zones: expected a name inside a zone, got "open.notexample.com."',
    ],
    [
      "a zone's name with something after it",
      update({ domain: "open.example.com.evil.org" }),
      'name-outside-zones: expected a name inside a zone, got "open.example.com.evil.org."',
    ],
    [
      "a name server's name",
      update({ domain: "ns1.lab.example.com" }),
      'name-reserved: a sender without a device may not move "ns1.lab.example.com.": no pattern reaches the name of a name server or service',
    ],
    [
      "a name below a name server's",
      update({ domain: "a.ns1.lab.example.com" }),
      'name-reserved: a sender without a device may not move "a.ns1.lab.example.com.": no pattern reaches the name of a name server or service',
    ],
    [
      "a name server below a host's name",
      update({ domain: "ns1.a.lab.example.com" }),
      'name-reserved: a sender without a device may not move "ns1.a.lab.example.com.": no pattern reaches the name of a name server or service',
    ],
    [
      "a service's name",
      update({ domain: "_acme-challenge.lab.example.com" }),
      'name-reserved: a sender without a device may not move "_acme-challenge.lab.example.com.": no pattern reaches the name of a name server or service',
    ],
    [
      "a name that programs look for",
      update({ device: "cellar", domain: "wpad.dyn.example.com", ip: "2600::1" }),
      'name-reserved: device "cellar" may not move "wpad.dyn.example.com.": no pattern reaches the name of a name server or service',
    ],
    [
      "a name server's name that no pattern matches",
      update({ domain: "ns1.example.com" }),
      'name-not-allowed: a sender without a device may not move "ns1.example.com."',
    ],
    [
      "the apex, which nobody was given",
      update({ domain: "example.com" }),
      'name-not-allowed: a sender without a device may not move "example.com."',
    ],
    [
      "the apex of a zone inside the pattern's",
      update({ domain: "sub.lab.example.com" }),
      'name-reserved: a sender without a device may not move "sub.lab.example.com.": no pattern reaches the apex of a zone',
    ],
    [
      "a device's name without the device",
      update({ domain: "attic.example.com" }),
      'name-not-allowed: a sender without a device may not move "attic.example.com."',
    ],
    [
      "an open name by a device",
      update({ device: "cellar", domain: "open.example.com" }),
      'name-not-allowed: device "cellar" may not move "open.example.com."',
    ],
    [
      "two labels for one",
      update({ device: "cellar", domain: "a.b.dyn.example.com" }),
      'name-not-allowed: device "cellar" may not move "a.b.dyn.example.com."',
    ],
    [
      "a name of another device, signed well",
      signed({ domain: "spare.example.com" }),
      'name-not-allowed: device "attic" may not move "spare.example.com."',
    ],
    [
      "a wildcard that would answer for a device's name",
      update({ domain: "*.den.example.com" }),
      'wildcard-over-keyed: "*.den.example.com." would answer for names that only a signature may move',
    ],
    [
      "a family that is not allowed",
      update({ device: "cellar", domain: "a.dyn.example.com" }),
      'family-not-allowed: device "cellar" may not publish ipv4 addresses',
    ],
    ["no signature", unsigned, 'signature-missing: device "attic" has a key, so its updates must be signed'],
    [
      "a signature without the time",
      signAddressUpdate(update({ device: "attic", domain: "attic.example.com" }), key.privateKey),
      'issued-at-missing: device "attic" has a key, so its updates must carry issued_at',
    ],
    [
      "what was issued too long before",
      signed({ issuedAt: instant(-300.001) }),
      "issued-at-stale: issued 300.001 s before it arrived, more than the 300 s allowed",
    ],
    [
      "what was issued too long after",
      signed({ issuedAt: instant(301) }),
      "issued-at-future: issued 301 s after it arrived, more than the 300 s allowed: is the device's clock right?",
    ],
    [
      "an old unsigned update",
      update({ issuedAt: instant(-301) }),
      "issued-at-stale: issued 301 s before it arrived, more than the 300 s allowed",
    ],
  ];
  for (const [name, asked, expected] of refused) {
    test(`refuses ${name}`, () => assert.is(decisionOn(asked), expected));
  }

  const forged: [name: string, asked: AddressUpdate][] = [
    ["another key", signed({}, strangersKey.privateKey)],
    ["an altered address", withSignature({ address: parsePublicAddress("81.2.3.5") })],
    ["another name of the device", withSignature({ fqdn: parseFqdn("a.attic.example.com") })],
    ["an altered time", withSignature({ issuedAt: instant(0) })],
    ["an altered uuid", withSignature({ uuid: "80e3e22a-e50e-4770-89ae-6f1d95da9b44" })],
    ["an added TTL", withSignature({ ttlSeconds: 120 })],
    ["a signature of zeros", withSignature({ signature: Buffer.alloc(64).toString("base64") })],
  ];
  for (const [name, asked] of forged) {
    test(`refuses a signature over other bytes: ${name}`, () => {
      const expected = 'signature-invalid: no key of device "attic" made this signature over these fields';
      assert.is(decisionOn(asked), expected);
    });
  }

  test("refuses a device's signed update that is passed off as another device's", () => {
    const asked = { ...signed({ domain: "spare.example.com" }), device: "spare" };
    assert.match(decisionOn(asked), /^signature-invalid: no key of device "spare"/);
  });

  test("lets nobody add a signature to what has none to give", () => {
    assert.is(decisionOn({ ...update({}), signature: goodSignature ?? "" }), "Z1 A 60");
  });
});
