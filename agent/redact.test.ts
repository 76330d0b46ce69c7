import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { createRedactor, type Known, redact } from "./redact.ts";

const known: Known = {
  name: ["*.home.example.com.", "bücher.example"],
  host: ["attic-pi.lan"],
  device: ["router-2.lab"],
  user: ["alice"],
  stream: ["alices-updates"],
  "key-id": ["AKIAIOSFODNN7EXAMPLE"],
  secret: ["hunter2/+x"],
};

describe("redact", (test) => {
  const cases: [what: string, text: string, redacted: string][] = [
    ["IPv4", "1.2.3.4 8.8.8.8, 1.2.3.4.", "<ipv4-1> <ipv4-2>, <ipv4-1>."],
    ["IPv4 in URLs and sockets", "http://1.2.3.4:80/x 1.2.3.4:53", "http://<ipv4-1>:80/x <ipv4-1>:53"],
    [
      "IPv4 in a host name",
      "p-1-2-3-4.isp.net 4.3.2.1.in-addr.arpa",
      "p-<ipv4-1>.isp.net <ipv4-2>.in-addr.arpa",
    ],
    [
      "IPv6 in any spelling",
      "2600:1::5 2600:1:0::5 2600:0001:0:0:0:0:0:5 [2600:1::5]:53",
      "<ipv6-1> <ipv6-1> <ipv6-1> [<ipv6-1>]:53",
    ],
    [
      "IPv6 beside punctuation",
      "address:2600::1, 2600::1: no, fe80::1%eth0",
      "address:<ipv6-1>, <ipv6-1>: no, <ipv6-2>%eth0",
    ],
    ["IPv6 with IPv4 in it", "::ffff:1.2.3.4 64:ff9b::1.2.3.4", "<ipv6-1> <ipv6-2>"],
    ["prefixes", "2600:1:2::/48 93.184.216.0/24", "<ipv6-1>/48 <ipv4-1>/24"],
    ["reverse IPv6", `${"1.0.".repeat(16)}ip6.arpa`, "<ipv6-1>.ip6.arpa"],
    [
      "names, their zones and what lies below",
      "home.example.com HOME.Example.com. *.home.example.com example.com www.example.com",
      "<name-1> <name-1>. <name-1> <name-2> <name-3>",
    ],
    [
      "names in another script",
      "bücher.example xn--bcher-kva.example a.BÜCHER.example",
      "<name-1> <name-1> <name-2>",
    ],
    ["names in words", "/etc/home.example.com.pem me@home.example.com", "/etc/<name-1>.pem me@<name-1>"],
    ["hosts, less their domain too", "attic-pi.lan ATTIC-PI attic-pine", "<host-1> <host-2> attic-pine"],
    ["devices, users and streams", "router-2.lab alice alices-updates", "<device-1> <user-1> <stream-1>"],
    ["users in paths", "/home/bob/x /Users/bob", "/home/<user-1>/x /Users/<user-1>"],
    ["key ids", "AKIAIOSFODNN7EXAMPLE ASIAIOSFODNN7EXAMPL2", "<key-id-1> <key-id-2>"],
    [
      "ARNs and accounts",
      "arn:aws:iam::123456789012:user/x: no. arn:aws-cn:iam::123456789012:user/x. 123456789012 1234-5678-9012",
      "<arn-1>: no. <arn-2>. <account-1> <account-1>",
    ],
    [
      "MAC addresses",
      "b8:27:eb:01:02:03 B8-27-EB-01-02-03 b827.eb01.0203 enxb827eb010203",
      "<mac-1> <mac-1> <mac-1> enx<mac-1>",
    ],
    [
      "UUIDs",
      "70e3e22a-e50e-4770-89ae-6f1d95da9b44 70E3E22A-E50E-4770-89AE-6F1D95DA9B44",
      "<uuid-1> <uuid-1>",
    ],
    [
      "secrets, keys and signatures",
      `xhunter2/+xx ${"aB3/".repeat(10)} ${"0123456789abcdef".repeat(2)}`,
      "x<secret-1>x <token-1> <token-2>",
    ],
    ["private keys", "a -----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY----- b", "a <pem-1> b"],
    ["half a private key", "a -----BEGIN PRIVATE KEY-----\nMC4C", "a <pem-1>"],
  ];
  for (const [what, text, redacted] of cases) {
    test(`replaces ${what}`, () => assert.is(redact(text, known), redacted));
  }

  test("replaces all of what overlaps, as the longest of it", () => {
    const device = { device: ["10"] };
    assert.is(redact("10.0.0.1 10", device), "<ipv4-1> <device-1>");
    assert.is(redact("a 10.0.0.1-b c", { host: ["a 10", "1-b c"] }), "<ipv4-1>");
    assert.is(redact("arn:aws:iam::123456789012:user/10", device), "<arn-1>");
    assert.is(redact("10.0.0.1 10.0.0.1-b", { host: ["1-b"] }), "<ipv4-1> <ipv4-2>");
  });

  const readable = [
    "ok    configuration  /etc/update-route53.toml: 9 settings, mode 0600",
    "ok    clock  0.4 s behind kinesis.eu-west-1.amazonaws.com (2026-11-23T03:15:47.123Z)",
    "fail  detection  10.0.0.0/8 is private use (RFC 1918), it only exists inside a private network",
    "fail  100.64.0.0/10 is shared address space (RFC 6598), fc00::/7 is unique local (RFC 4193)",
    "ok    check  https://icanhazip.com and https://api64.ipify.org agree, 2 of 3, in 12:34:56",
    "  at std::string, node:fs, agent/detect/http-echo.ts:12:34, /usr/lib/node_modules/x/y.js v24.21.0",
    "/usr/lib/somewhere/deep/down/in/the/tree/of/modules/agent fc::property std::fade",
    "shardId-000000000000 eth0 pppoe-wan update-route53 -1.5e3 1/2 50% ::",
  ];
  for (const text of readable)
    test(`leaves ${JSON.stringify(text)}`, () => assert.is(redact(text, known), text));

  test("does nothing with what is empty", () => {
    assert.is(redact("a b", { name: [""], host: [""], secret: [""] }), "a b");
    assert.is(redact("", known), "");
  });
});

describe("a redactor", (test) => {
  test("gives the same thing the same placeholder in every text of a story", () => {
    const told = ["8.8.8.8", "1.2.3.4", "8.8.8.8"].map(createRedactor({}));
    assert.equal(told, ["<ipv4-1>", "<ipv4-2>", "<ipv4-1>"]);
  });
});

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: length, maxLength: length });
const upper = (length: number) =>
  fc.string({
    unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    minLength: length,
    maxLength: length,
  });
const anyCase = (given: fc.Arbitrary<string>) =>
  fc.tuple(given, fc.boolean()).map(([text, isUpper]) => (isUpper ? text.toUpperCase() : text));

/** Things that nobody else may read, each as it might be written. */
const planted = fc.oneof(
  fc.ipV4(),
  anyCase(fc.ipV6()).filter((text) => text !== "::"),
  anyCase(fc.uuid()),
  anyCase(fc.array(hex(2), { minLength: 6, maxLength: 6 }).map((octets) => octets.join(":"))),
  digits(12),
  upper(16).map((rest) => `AKIA${rest}`),
  fc.tuple(digits(12), upper(8)).map(([account, user]) => `arn:aws:iam::${account}:user/${user}`),
  anyCase(
    fc.constantFrom(
      "home.example.com",
      "example.com",
      "a.b.home.example.com",
      "router-2.lab",
      "alice",
      "attic-pi",
    ),
  ),
  fc.constantFrom("hunter2/+x", "bücher.example", "AKIAIOSFODNN7EXAMPLE"),
);
const words = fc.constantFrom(
  "resolver",
  "answers",
  "the stream",
  "no route",
  "expected 2 of 3",
  "TLS",
  "ok",
  "is private use",
);
/** What may stand around a thing in a message or URL. */
const around = fc.constantFrom(
  [" ", " "],
  ["[", "]"],
  ['"', '",'],
  ["https://me@", " "],
  ["(", ")."],
  ["=", ";"],
  ["'", "'"],
  ["<", ">"],
);
const story = fc.array(fc.tuple(words, around, planted), { minLength: 1, maxLength: 8 });

describe("redact, whatever it is given,", (test) => {
  test("lets nothing planted survive, and every other word stand", () => {
    fc.assert(
      fc.property(story, (parts) => {
        const text = parts
          .map(([word, [before, after], thing]) => `${word} ${before}${thing}${after} `)
          .join("");
        const redacted = redact(text, known);
        for (const [, , thing] of parts)
          assert.not(redacted.toLowerCase().includes(thing.toLowerCase()), redacted);
        const left = redacted.replace(/<[a-z]+(?:-[a-z]+)?-?\d*-\d+>/g, "*").replace(/<ipv[46]-\d+>/g, "*");
        const expected = parts.map(([word, [before, after]]) => `${word} ${before}*${after} `).join("");
        assert.is(left, expected);
      }),
      { numRuns: 500 },
    );
  });

  test("changes nothing more the second time", () => {
    fc.assert(
      fc.property(story, (parts) => {
        const once = redact(parts.flat(2).join(" "), known);
        assert.is(redact(once, known), once);
      }),
    );
  });

  test("keeps as many things apart as there are", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 9 }), (addresses) => {
        const redacted = redact([...addresses, ...addresses].join(" "), {});
        const numbers = addresses.map((_, index) => `<ipv4-${index + 1}>`);
        assert.is(redacted, [...numbers, ...numbers].join(" "));
      }),
    );
  });
});
