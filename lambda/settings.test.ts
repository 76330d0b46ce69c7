import { generateKeyPairSync } from "node:crypto";
import { assert, describe } from "../scripts/describe.ts";
import { parseFqdn } from "./contract/fqdn.ts";
import { formatPublicKey } from "./contract/signature.ts";
import { parseSettings } from "./settings.ts";

const publicKeys = [formatPublicKey(generateKeyPairSync("ed25519").publicKey)];
const zones = [{ name: "example.com", id: "Z0123456789ABC" }];
const attic = { name: "attic", domains: ["home.example.com"] };

describe("parseSettings", (test) => {
  test("fills in what is left out", () => {
    const settings = parseSettings({ zones: [{ name: "Example.COM.", id: "Z1" }], devices: [attic] });
    assert.equal([...settings.zones], [["example.com.", { apex: "example.com.", id: "Z1" }]]);
    assert.is(settings.freshnessMs, 300_000);
    assert.is(settings.heartbeatMetrics, false);
    assert.equal(settings.callRate, { calls: 5, periodMs: 1_000 });
    assert.not.ok(settings.unsigned.mayMove(parseFqdn("home.example.com")));
    const sender = settings.devices.get("attic");
    assert.ok(sender?.mayMove(parseFqdn("home.example.com")));
    assert.equal([...(sender?.families ?? [])], ["ipv4", "ipv6"]);
    assert.equal(sender?.ttl, { min: 60, max: 60, default: 60 });
    assert.equal(sender?.publicKeys, []);
  });

  test("gives every device what it says, and the others the common TTL", () => {
    const ttl = { min: 30, max: 300, default: 120 };
    const settings = parseSettings({
      zones,
      devices: [{ ...attic, families: ["ipv6"], ttl, publicKeys }],
      unsignedDomains: ["*.open.example.com"],
      ttlSeconds: 15,
      freshnessSeconds: 10,
      heartbeatMetrics: true,
      callsPerSecond: 0.5,
    });
    const sender = settings.devices.get("attic");
    assert.equal([...(sender?.families ?? [])], ["ipv6"]);
    assert.equal(sender?.ttl, ttl);
    assert.is(sender?.publicKeys.length, 1);
    assert.equal(settings.unsigned.ttl, { min: 15, max: 15, default: 15 });
    assert.ok(settings.unsigned.mayMove(parseFqdn("a.open.example.com")));
    assert.is(settings.freshnessMs, 10_000);
    assert.is(settings.heartbeatMetrics, true);
    assert.equal(settings.callRate, { calls: 1, periodMs: 2_000 });
  });

  test("lets several keys, several devices and unsigned names share what has no key", () => {
    const other = { name: "cellar", domains: ["home.example.com"], publicKeys };
    parseSettings({ zones, devices: [{ ...attic, publicKeys: Array(8).fill(publicKeys[0]) }, other] });
    parseSettings({ zones, devices: [attic, { ...other, publicKeys: [] }], unsignedDomains: attic.domains });
  });

  const refusals: [document: unknown, message: string][] = [
    [null, "expected an object, got null"],
    [{}, "zones: expected a value, found nothing"],
    [{ zones: [] }, "zones: expected a list of zones, at least one, got []"],
    [{ zones: {} }, "zones: expected a list of zones, got {}"],
    [{ zones: ["example.com"] }, 'zones[0]: expected an object, got "example.com"'],
    [{ zones: [{ name: "example.com" }] }, "zones[0].id: expected a value, found nothing"],
    [
      { zones: [{ name: "example.com", id: "/hostedzone/Z1" }] },
      'zones[0].id: expected the id of a hosted zone such as Z0123456789ABC, got "/hostedzone/Z1"',
    ],
    [
      { zones: [{ name: "example..com", id: "Z1" }] },
      'zones[0].name: expected labels of letters, digits and hyphens, found "", got "example..com"',
    ],
    [
      { zones: [{ name: "*.example.com", id: "Z1" }] },
      'zones[0].name: expected the name of a zone, got "*.example.com"',
    ],
    [
      { zones: [...zones, { name: "EXAMPLE.com", id: "Z2" }] },
      'zones[1].name: expected each zone once, got "EXAMPLE.com" twice',
    ],
    [
      { zones: [...zones, { name: "example.org", id: "Z0123456789ABC" }] },
      'zones[1].id: expected each zone once, got "Z0123456789ABC" twice',
    ],
    [{ zones, colour: "red" }, "colour: unknown key"],
    [{ zones, "a\nb": "red" }, "a\\nb: unknown key"],
    [{ zones, devices: [{ ...attic, key: "" }] }, "devices[0].key: unknown key"],
    [{ zones, devices: {} }, "devices: expected a list of devices, got {}"],
    [
      { zones, devices: [{ ...attic, name: "" }] },
      'devices[0].name: expected 1 to 64 letters, digits, dots and hyphens, got ""',
    ],
    [{ zones, devices: [attic, attic] }, 'devices[1].name: expected each device once, got "attic" twice'],
    [
      { zones, devices: [{ name: "attic", domains: [] }] },
      "devices[0].domains: expected a list of names or patterns, at least one, got []",
    ],
    [
      { zones, devices: [{ name: "attic", domains: ["home.example.com", 5] }] },
      "devices[0].domains[1]: expected a string, got 5",
    ],
    [
      { zones, devices: [{ name: "attic", domains: ["home.example.com", "home"] }] },
      'devices[0].domains[1]: expected a full domain name such as home.example.com, got "home"',
    ],
    [
      { zones, devices: [{ name: "attic", domains: ["home.example.org"] }] },
      'devices[0].domains[0]: expected a name or pattern inside one of the zones, got "home.example.org."',
    ],
    [
      { zones, devices: [{ name: "attic", domains: ["*.com"] }] },
      'devices[0].domains[0]: expected a name or pattern inside one of the zones, got "*.com."',
    ],
    [
      { zones, unsignedDomains: ["*._tcp.example.com"] },
      'unsignedDomains[0]: expected the name of a host, not of a service, got "*._tcp.example.com."',
    ],
    [
      { zones, devices: [{ ...attic, families: ["ipv5"] }] },
      'devices[0].families[0]: expected "ipv4" or "ipv6", got "ipv5"',
    ],
    [
      { zones, devices: [{ ...attic, families: [] }] },
      "devices[0].families: expected a list of address families, at least one, got []",
    ],
    [
      { zones, devices: [{ ...attic, ttl: { min: 60, max: 300, default: 30 } }] },
      "devices[0].ttl: expected min <= default <= max, got 60, 30, 300",
    ],
    [
      { zones, devices: [{ ...attic, ttl: { min: 60, max: 300, default: 3000 } }] },
      "devices[0].ttl: expected min <= default <= max, got 60, 3000, 300",
    ],
    [
      { zones, devices: [{ ...attic, ttl: { min: -1, max: 1, default: 1 } }] },
      "devices[0].ttl.min: expected an integer from 0 to 2147483647, got -1",
    ],
    [{ zones, ttlSeconds: 1.5 }, "ttlSeconds: expected an integer from 0 to 2147483647, got 1.5"],
    [{ zones, freshnessSeconds: 0 }, "freshnessSeconds: expected an integer from 1 to 86400, got 0"],
    [{ zones, freshnessSeconds: "5m" }, 'freshnessSeconds: expected an integer from 1 to 86400, got "5m"'],
    [{ zones, callsPerSecond: 0 }, "callsPerSecond: expected a number from 0.005 to 5, got 0"],
    [{ zones, callsPerSecond: 6 }, "callsPerSecond: expected a number from 0.005 to 5, got 6"],
    [{ zones, callsPerSecond: "5" }, 'callsPerSecond: expected a number from 0.005 to 5, got "5"'],
    [{ zones, heartbeatMetrics: "yes" }, 'heartbeatMetrics: expected true or false, got "yes"'],
    [
      { zones, devices: [{ ...attic, publicKeys: ["c2hvcnQ="] }] },
      'devices[0].publicKeys[0]: expected an Ed25519 public key (32 bytes in base64), got "c2hvcnQ="',
    ],
    [
      { zones, devices: [{ ...attic, publicKeys: Array(9).fill("k") }] },
      'devices[0].publicKeys: expected at most 8 public keys, got ["k","k","k","k","k","k","k","k","k"]',
    ],
    // Whoever may put on the stream could move the name around the key.
    [
      { zones, devices: [{ ...attic, publicKeys }], unsignedDomains: ["x.example.com", "*.example.com"] },
      'unsignedDomains[1]: expected no name of devices[0].domains[0], "home.example.com.", which only a signature may move, got "*.example.com."',
    ],
    [
      {
        zones,
        devices: [
          { ...attic, publicKeys },
          { ...attic, name: "cellar" },
        ],
      },
      'devices[1].domains[0]: expected no name of devices[0].domains[0], "home.example.com.", which only a signature may move, got "home.example.com."',
    ],
    [
      {
        zones,
        devices: [{ name: "attic", domains: ["**.example.com"], publicKeys }],
        unsignedDomains: ["home.example.com"],
      },
      'unsignedDomains[0]: expected no name of devices[0].domains[0], "**.example.com.", which only a signature may move, got "home.example.com."',
    ],
    // It would make b.home.example.com exist, for which the device's wildcard then does not answer.
    [
      {
        zones,
        devices: [{ name: "attic", domains: ["*.home.example.com"], publicKeys }],
        unsignedDomains: ["a.b.home.example.com"],
      },
      'unsignedDomains[0]: expected no name below devices[0].domains[0], "*.home.example.com.", which would no longer answer for the names between them, got "a.b.home.example.com."',
    ],
  ];
  for (const [document, message] of refusals) {
    test(`says "${message}"`, () => {
      const expected = `settings: ${message}`.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      assert.throws(() => parseSettings(document), new RegExp(`^${expected}$`));
    });
  }

  const hosts = Array.from({ length: 10_000 }, (_, index) => `host${index}.example.com`);
  for (const [what, domains] of [
    ["names", hosts],
    ["patterns", hosts.map((host) => `*.${host}`)],
  ] as const) {
    test(`costs little for ten thousand ${what} with keys and as many names without`, () => {
      const unsignedDomains = hosts.map((host) => `open-${host}`);
      const startedAt = process.cpuUsage();
      parseSettings({ zones, devices: [{ name: "fleet", domains, publicKeys }], unsignedDomains });
      // Their product would take minutes.
      assert.ok(process.cpuUsage(startedAt).user < 5_000_000);
    });
  }
});
