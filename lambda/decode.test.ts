import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { decodeData } from "./decode.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const uuid = "70e3e22a-e50e-4770-89ae-6f1d95da9b44";
const payload = (fields: object) =>
  base64(JSON.stringify({ ip: "81.2.3.4", domain: "a.example.com", uuid, ...fields }));

function refusalOf(data: unknown): string {
  const decoded = decodeData(data);
  return decoded.ok ? "none" : `${decoded.reason}: ${decoded.message}`;
}

describe("decodeData", (test) => {
  test("decodes a payload, with padding or without need of it", () => {
    for (const space of ["", " ", "  "]) {
      const decoded = decodeData(
        base64(`{"ip":"81.2.3.4","domain":"a.example.com","uuid":"${uuid}"}${space}`),
      );
      assert.ok(decoded.ok);
    }
  });

  const poison: [name: string, data: unknown, refusal: string][] = [
    ["nothing", undefined, "base64-malformed: data: expected base64"],
    ["a number", 5, "base64-malformed: data: expected base64"],
    ["text that is no base64", "{}?!", "base64-malformed: data: expected base64"],
    ["base64 with a foreign character", `${payload({})}!`, "base64-malformed: data: expected base64"],
    ["base64 cut off", payload({}).slice(0, -1), "base64-malformed: data: expected base64"],
    [
      "base64 with a line break",
      `${payload({}).slice(0, 8)}\n${payload({}).slice(8)}`,
      "base64-malformed: data: expected base64",
    ],
    ["padding in the middle", `eyI=${payload({})}`, "base64-malformed: data: expected base64"],
    ["no bytes", "", "payload-malformed: payload: expected JSON in UTF-8"],
    [
      "bytes that are no UTF-8",
      Buffer.from([0x22, 0xff, 0x22]).toString("base64"),
      "payload-malformed: payload: expected JSON in UTF-8",
    ],
    ["a list", base64("[]"), "payload-malformed: payload: expected a JSON object"],
    [
      "a payload of 1 MiB",
      base64("x".repeat(2 ** 20)),
      "payload-too-large: payload: expected at most 1024 bytes, got 1048576",
    ],
    [
      "no address",
      payload({ ip: undefined }),
      "payload-malformed: payload: ip: expected a string, found nothing",
    ],
    [
      "a list of addresses",
      payload({ ip: ["81.2.3.4"] }),
      'payload-malformed: payload: ip: expected a string, got ["81.2.3.4"]',
    ],
    [
      "a private address",
      payload({ ip: "10.0.0.1" }),
      "address-not-public: 10.0.0.1 is not public: 10.0.0.0/8 is private use (RFC 1918), it only exists inside a private network, so the Internet cannot reach it",
    ],
    [
      "a name of one label",
      payload({ domain: "localhost" }),
      'fqdn-malformed: expected a full domain name such as home.example.com, got "localhost"',
    ],
    [
      "an escaped dot",
      payload({ domain: "a\\056example.com" }),
      'fqdn-malformed: expected labels of letters, digits and hyphens, found "a\\\\056example", got "a\\\\056example.com"',
    ],
    [
      "a field twice",
      base64(`{"ip":"81.2.3.4","domain":"a.example.com","uuid":"${uuid}","ip":"81.2.3.5"}`),
      'payload-malformed: payload: expected each field once, found "ip" twice',
    ],
    [
      "a field twice in another spelling",
      base64(`{"ip":"81.2.3.4","domain":"a.example.com","uuid":"${uuid}","\\u0069p":"81.2.3.5"}`),
      'payload-malformed: payload: expected each field once, found "ip" twice',
    ],
  ];
  for (const [name, data, refusal] of poison) {
    test(`refuses ${name}`, () => assert.is(refusalOf(data), refusal));
  }

  test("refuses a payload exactly where a field stands in it twice", () => {
    const key = fc.constantFrom("a", "b", "c", "d", "\\u0061");
    const value = fc.constantFrom(
      '"x"',
      "1",
      "null",
      "true",
      "[]",
      '["a","a"]',
      '{"a":1,"b":2}',
      '"\\""',
      '"a\\": 1"',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (members) => {
        const names = members.map(([name]) => JSON.parse(`"${name}"`));
        const isRepeated = new Set(names).size < names.length;
        const extra = members.map(([name, text]) => `,"${name}": ${text}`).join("");
        const data = base64(`{"ip":"81.2.3.4","domain":"a.example.com","uuid":"${randomUUID()}"${extra}}`);
        assert.is(decodeData(data).ok, !isRepeated);
      }),
      { numRuns: 2000 },
    );
  });

  test("reads a name alike in every spelling", () => {
    const odd = fc.constantFrom(
      "-",
      "_",
      "*",
      "xn--",
      "",
      "1",
      "a",
      "bücher",
      "x".repeat(63),
      "x".repeat(64),
    );
    const label = fc.array(odd, { maxLength: 3 }).map((parts) => parts.join(""));
    const fqdnOf = (domain: string) => {
      const decoded = decodeData(payload({ domain }));
      return decoded.ok ? decoded.update.fqdn : decoded.reason;
    };
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        fc.pre(labels.at(-1) !== "");
        const domain = labels.join(".");
        // Lower case without the last dot is read by another path than the rest.
        assert.is(fqdnOf(domain), fqdnOf(`${domain.toUpperCase()}.`));
      }),
      { numRuns: 5000 },
    );
  });

  test("gives an update or a reason for any bytes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
        const decoded = decodeData(Buffer.from(bytes).toString("base64"));
        if (!decoded.ok) assert.match(decoded.message, /^[\x20-\x7e]+$/);
      }),
      { numRuns: 2000 },
    );
  });
});
