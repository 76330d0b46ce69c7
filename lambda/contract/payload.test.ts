import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { parseAddress, specialRange } from "./address.ts";
import { parseFqdn } from "./fqdn.ts";
import { type AddressUpdate, decodeAddressUpdate, encodeAddressUpdate } from "./payload.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const plain = { ip: "1.2.3.4", domain: "somedomain.com", uuid: "70e3e22a-e50e-4770-89ae-6f1d95da9b44" };

function refusal(text: string | Uint8Array): string {
  const decoded = decodeAddressUpdate(typeof text === "string" ? bytes(text) : text);
  return decoded.ok ? "accepted" : `${decoded.reason}: ${decoded.message}`;
}

/** The plain payload with other fields, `undefined` to leave one out. */
const changed = (fields: Record<string, unknown>) => JSON.stringify({ ...plain, ...fields });

const address = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .map(parseAddress)
  .filter((found) => specialRange(found) === undefined);
const label = fc
  .stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/)
  .filter((text) => !text.startsWith("xn--"));
const fqdn = fc
  .tuple(fc.constantFrom("", "*."), label, label)
  .map(([star, first, second]) => parseFqdn(`${star}${first}.${second}.example`));
const update: fc.Arbitrary<AddressUpdate> = fc.record(
  {
    address,
    fqdn,
    uuid: fc.uuid(),
    device: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
    issuedAt: fc
      .date({ min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true })
      .map((date) => date.toISOString()),
    ttlSeconds: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    signature: fc
      .uint8Array({ minLength: 64, maxLength: 64 })
      .map((raw) => Buffer.from(raw).toString("base64")),
  },
  { requiredKeys: ["address", "fqdn", "uuid"], noNullPrototype: true },
);

describe("encodeAddressUpdate", (test) => {
  test("writes the plain record", () => {
    const encoded = encodeAddressUpdate({
      address: parseAddress("1.2.3.4"),
      fqdn: parseFqdn("SomeDomain.com."),
      uuid: plain.uuid,
    });
    assert.is(
      new TextDecoder().decode(encoded),
      '{"ip":"1.2.3.4","domain":"somedomain.com","uuid":"70e3e22a-e50e-4770-89ae-6f1d95da9b44"}',
    );
  });

  test("is undone by decodeAddressUpdate, and never longer than a payload may be", () => {
    fc.assert(
      fc.property(update, (value) => {
        const encoded = encodeAddressUpdate(value);
        assert.ok(encoded.length <= 1024);
        assert.equal(decodeAddressUpdate(encoded), { ok: true, update: value });
      }),
    );
  });
});

describe("decodeAddressUpdate", (test) => {
  test("accepts the plain record, spaces and all", () => {
    const text = `{"ip": "1.2.3.4", "domain": "somedomain.com", "uuid": "${plain.uuid}"}`;
    assert.equal(decodeAddressUpdate(bytes(text)), {
      ok: true,
      update: { address: parseAddress("1.2.3.4"), fqdn: parseFqdn("somedomain.com"), uuid: plain.uuid },
    });
  });

  test("ignores unknown fields, whatever is in them", () => {
    assert.is(refusal(changed({ note: { ip: "a", domain: ["ip", "ip"] }, __proto__x: 1 })), "accepted");
  });

  test("gives the canonical spelling of every field", () => {
    const decoded = decodeAddressUpdate(
      bytes(changed({ ip: "2600:0::1", domain: "BÜCHER.example.", uuid: plain.uuid.toUpperCase() })),
    );
    assert.equal(decoded, {
      ok: true,
      update: {
        address: { family: "ipv6", text: "2600::1" },
        fqdn: parseFqdn("xn--bcher-kva.example"),
        uuid: plain.uuid,
      },
    });
  });

  const uuid = JSON.stringify(plain.uuid);
  const refusals: [string, string | Uint8Array, string][] = [
    ["nothing", "", "payload-malformed: payload: expected JSON in UTF-8"],
    ["bad UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "payload-malformed: payload: expected JSON in UTF-8"],
    ["a byte order mark", `\ufeff${changed({})}`, "payload-malformed: payload: expected JSON in UTF-8"],
    ["a raw control character", '{"ip":"1.2.3.4\n"}', "payload-malformed: payload: expected JSON in UTF-8"],
    ["an array", "[]", "payload-malformed: payload: expected a JSON object"],
    ["null", "null", "payload-malformed: payload: expected a JSON object"],
    ["no ip", changed({ ip: undefined }), "payload-malformed: payload: ip: expected a string, found nothing"],
    [
      "a number for ip",
      changed({ ip: 16909060 }),
      "payload-malformed: payload: ip: expected a string, got 16909060",
    ],
    ["null for ip", changed({ ip: null }), "payload-malformed: payload: ip: expected a string, got null"],
    [
      "an escaped control character in ip",
      changed({ ip: "1.2.3.4\n" }),
      'address-malformed: expected an IPv4 or IPv6 address, got "1.2.3.4\\n"',
    ],
    [
      "a private ip",
      changed({ ip: "192.168.1.1" }),
      "address-not-public: 192.168.1.1 is not public: 192.168.0.0/16 is private use (RFC 1918), it only exists inside a private network, so the Internet cannot reach it",
    ],
    [
      "a bad domain",
      changed({ domain: "a\u001b[2J.example.com" }),
      'fqdn-malformed: expected labels of letters, digits and hyphens, found "a\\u001b[2J", got "a\\u001b[2J.example.com"',
    ],
    [
      "a bad uuid",
      changed({ uuid: "1234" }),
      'payload-malformed: payload: uuid: expected a UUID, got "1234"',
    ],
    [
      "a bad device",
      changed({ device: "a b" }),
      'payload-malformed: payload: device: expected 1 to 64 letters, digits, dots and hyphens, got "a b"',
    ],
    [
      "a day that does not exist",
      changed({ issued_at: "2026-02-30T00:00:00.000Z" }),
      'payload-malformed: payload: issued_at: expected an instant such as 2026-01-31T23:59:59.000Z, got "2026-02-30T00:00:00.000Z"',
    ],
    [
      "an instant with an offset",
      changed({ issued_at: "2026-02-20T00:00:00.000+01:00" }),
      'payload-malformed: payload: issued_at: expected an instant such as 2026-01-31T23:59:59.000Z, got "2026-02-20T00:00:00.000+01:00"',
    ],
    [
      "a ttl that is no integer",
      changed({ ttl: 1.5 }),
      "payload-malformed: payload: ttl: expected an integer from 0 to 2147483647, got 1.5",
    ],
    [
      "a ttl beyond 31 bits",
      changed({ ttl: 2 ** 31 }),
      "payload-malformed: payload: ttl: expected an integer from 0 to 2147483647, got 2147483648",
    ],
    [
      "a short signature",
      changed({ signature: "AAAA" }),
      'payload-malformed: payload: signature: expected 64 bytes in base64, got "AAAA"',
    ],
    [
      "a field named twice",
      `{"ip":"1.2.3.4","domain":"a.example","uuid":${uuid},"ip":"8.8.8.8"}`,
      'payload-malformed: payload: expected each field once, found "ip" twice',
    ],
    [
      "a field named twice in two spellings",
      `{"ip":"1.2.3.4","domain":"a.example","uuid":${uuid},"\\u0069p":"8.8.8.8"}`,
      'payload-malformed: payload: expected each field once, found "ip" twice',
    ],
    [
      "1025 bytes",
      changed({ note: "x".repeat(1025 - changed({ note: "" }).length) }),
      "payload-too-large: payload: expected at most 1024 bytes, got 1025",
    ],
  ];
  for (const [name, text, message] of refusals) {
    test(`refuses ${name}`, () => assert.is(refusal(text), message));
  }

  test("accepts 1024 bytes", () => {
    assert.is(refusal(changed({ note: "x".repeat(1024 - changed({ note: "" }).length) })), "accepted");
  });

  test("never throws, and its messages are one printable line", () => {
    const json = fc.json();
    const mutated = fc.tuple(
      fc.constantFrom("ip", "domain", "uuid", "device"),
      fc.string({ unit: "binary" }),
    );
    const input = fc.oneof(
      fc.uint8Array(),
      json.map(bytes),
      mutated.map(([key, value]) => bytes(changed({ [key]: value }))),
    );
    fc.assert(
      fc.property(input, (data) => {
        assert.match(refusal(data), /^[\x20-\x7e]+$/);
      }),
      { numRuns: 2000 },
    );
  });
});
