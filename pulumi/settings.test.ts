import { readFileSync } from "node:fs";
import { parseSettings } from "../lambda/settings.ts";
import { assert, describe } from "../scripts/describe.ts";
import { settingsDocument } from "./settings-document.ts";
import { settingsOf } from "./settings-fixture.ts";
import { settingsSchema } from "./settings-schema.ts";

const PUBLIC_KEY = "YS+M9DmWXUDP5D6/VNzGUPk/H8Zl8AuON1/s0FLIPkI=";
const device = (more: object) => ({ devices: [{ name: "attic", domains: ["a.kept.org"], ...more }] });

describe("the configuration", (test) => {
  test("needs three answers, and has a default for all others", () => {
    const { zones, devices, ...others } = settingsOf();
    assert.equal(zones, [{ name: "home.kept.dev" }, { name: "kept.org", id: "Z0ORG" }]);
    assert.equal(devices[0], {
      name: "attic",
      domains: ["attic.home.kept.dev", "*.attic.home.kept.dev"],
      families: ["ipv4"],
      publicKeys: [],
      accessKeys: ["1"],
    });
    assert.equal(others, {
      unsignedDomains: [],
      ttlSeconds: 60,
      freshnessSeconds: 300,
      streamName: "update-route53",
      shards: 1,
      retentionHours: 24,
      encryption: true,
      logRetentionDays: 30,
      silentDeviceHours: 26,
      memoryMb: 256,
      tags: {},
      bundle: "dist/lambda/index.mjs",
      allowExampleNames: false,
    });
  });

  test("takes what `pulumi config set` stores: bare words, numbers and truth values as texts", () => {
    const { streamName, shards, encryption, memoryMb } = settingsOf({
      streamName: "42",
      shards: "on-demand",
      encryption: "false",
      memoryMb: "512",
    });
    assert.equal([streamName, shards, encryption, memoryMb], ["42", "on-demand", false, 512]);
    assert.is(settingsOf({ bundle: "42" }).bundle, "42");
  });

  test("takes names of examples only where they are said to be meant", () => {
    const examples = { zones: ["example.com"], devices: [{ name: "a", domains: ["home.example.com"] }] };
    assert.is(settingsOf({ ...examples, allowExampleNames: true }).zones[0]?.name, "example.com");
  });

  test("does not take a name for a placeholder because it contains one", () => {
    const names = {
      zones: ["myexample.com", "latest.dev"],
      devices: [{ name: "todos", domains: ["a.latest.dev"] }],
      streamName: "test",
      tags: { stage: "test" },
    };
    assert.is(settingsOf(names).zones[0]?.name, "myexample.com");
  });

  test("becomes a document that the function accepts", () => {
    const ttl = { min: 30, max: 600, default: 60 };
    const settings = settingsOf(device({ ttl, families: ["ipv6"], publicKeys: [PUBLIC_KEY] }));
    const document = settingsDocument({ ...settings, silentDeviceHours: 0 }, ["ZHOME", "Z0ORG"]);
    assert.equal(document, {
      zones: [
        { name: "home.kept.dev", id: "ZHOME" },
        { name: "kept.org", id: "Z0ORG" },
      ],
      devices: [
        { name: "attic", domains: ["a.kept.org"], families: ["ipv6"], ttl, publicKeys: [PUBLIC_KEY] },
      ],
      unsignedDomains: [],
      ttlSeconds: 60,
      freshnessSeconds: 300,
      heartbeatMetrics: false,
      callsPerSecond: 5,
    });
    assert.is(parseSettings(document).devices.get("attic")?.publicKeys.length, 1);
    assert.is(settingsDocument({ ...settings, silentDeviceHours: 1 }, []).heartbeatMetrics, true);
  });

  const rates: [answers: Record<string, unknown>, callsPerSecond: number][] = [
    [{ shards: 2 }, 2.5],
    [{ shards: 200 }, 0.025],
    [{ shards: 4, reservedConcurrency: 4 }, 1.25],
    [{ shards: 1, reservedConcurrency: 10 }, 5],
    [{ shards: "on-demand" }, 1.25],
    [{ shards: "on-demand", reservedConcurrency: 10 }, 0.5],
    [{ shards: "on-demand", reservedConcurrency: 1_000 }, 0.005],
  ];
  for (const [answers, callsPerSecond] of rates) {
    test(`divides the account's five calls a second: ${JSON.stringify(answers)}`, () => {
      const document = settingsDocument(settingsOf(answers), ["ZHOME", "Z0ORG"]);
      assert.is(document.callsPerSecond, callsPerSecond);
      parseSettings(document);
    });
  }

  test("tells the function how far clocks may be apart", () => {
    const document = settingsDocument(settingsOf({ freshnessSeconds: 900 }), ["ZHOME", "Z0ORG"]);
    assert.is(parseSettings(document).freshnessMs, 900_000);
  });

  test("is documented: every key, and no other", () => {
    const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
    const documented = [...readme.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    assert.equal(documented, Object.keys(settingsSchema.entries));
  });
});
