import { assert, describe } from "../scripts/describe.ts";
import { refusalOf } from "./settings-fixture.ts";

const device = (more: object) => ({ devices: [{ name: "attic", domains: ["a.kept.org"], ...more }] });

/** The whole message after the name of the file. */
const REFUSED: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ["no zone", { zones: undefined }, "zones: expected a value, found nothing"],
  ["no zones", { zones: [] }, "zones: expected a list of zones, at least one, got []"],
  ["a zone that is not in a list", { zones: "kept.org" }, 'zones: expected a list of zones, got "kept.org"'],
  ["a zone without a name", { zones: [{ id: "Z1" }] }, "zones[0].name: expected a value, found nothing"],
  [
    "a malformed zone id",
    { zones: [{ name: "kept.org", id: "/hostedzone/Z1" }] },
    'zones[0].id: expected the id of a hosted zone such as Z0123456789ABC, got "/hostedzone/Z1"',
  ],
  [
    "a zone twice",
    { zones: ["home.kept.dev", "kept.org", "KEPT.org."] },
    'zones[2].name: expected each zone once, got "KEPT.org." twice',
  ],
  [
    "more zones than fit in an IAM policy",
    {
      zones: Array.from({ length: 40 }, (_, n) => `zone-${n}.org`),
      devices: Array.from({ length: 40 }, (_, n) => ({ name: `d${n}`, domains: [`a.zone-${n}.org`] })),
    },
    "zones: expected few enough for one IAM policy, got 40: divide them among stacks, each with a streamName of its own",
  ],
  ["no device", { devices: undefined }, "devices: expected a value, found nothing"],
  ["no devices", { devices: [] }, "devices: expected a list of devices, at least one, got []"],
  [
    "more devices than IAM has users",
    { devices: Array.from({ length: 4_901 }, () => device({}).devices[0]) },
    'devices: expected at most 4900 devices, because an account has 5000 users and alarms, got [{"name":"attic","domains":["a.kept.org"],"families":["ipv4"],"publicKeys":[],"a...',
  ],
  [
    "a device without names",
    device({ domains: [] }),
    "devices[0].domains: expected a list of names or patterns, at least one, got []",
  ],
  [
    "a device's malformed name",
    device({ name: "the attic" }),
    'devices[0].name: expected 1 to 50 letters, digits, dots and hyphens, got "the attic"',
  ],
  [
    "a device twice",
    { devices: [...device({}).devices, ...device({ name: "Attic" }).devices] },
    'devices[1].name: expected each device once, got "Attic" again',
  ],
  ["an unknown key of a device", device({ domain: "a.kept.org" }), "devices[0].domain: unknown key"],
  [
    "a name outside the zones",
    device({ domains: ["a.kept.net"] }),
    'devices[0].domains[0]: expected a name or pattern inside one of the zones, got "a.kept.net."',
  ],
  [
    "a service's name",
    device({ domains: ["_dmarc.kept.org"] }),
    'devices[0].domains[0]: expected the name of a host, not of a service, got "_dmarc.kept.org."',
  ],
  [
    "a malformed name",
    device({ domains: ["a..kept.org"] }),
    'devices[0].domains[0]: expected labels of letters, digits and hyphens, found "", got "a..kept.org"',
  ],
  [
    "an unknown family",
    device({ families: ["ipv5"] }),
    'devices[0].families[0]: expected "ipv4" or "ipv6", got "ipv5"',
  ],
  [
    "TTLs out of order",
    device({ ttl: { min: 60, max: 30, default: 60 } }),
    "devices[0].ttl: expected min <= default <= max, got 60, 60, 30",
  ],
  [
    "a malformed public key",
    device({ publicKeys: ["abc"] }),
    'devices[0].publicKeys[0]: expected an Ed25519 public key (32 bytes in base64), got "abc"',
  ],
  [
    "a third access key",
    device({ accessKeys: ["1", "2", "3"] }),
    'devices[0].accessKeys: expected at most 2 access keys, which is all that AWS gives a user, got ["1","2","3"]',
  ],
  [
    "an access key twice",
    device({ accessKeys: ["1", "1"] }),
    'devices[0].accessKeys: expected each label once, got ["1","1"]',
  ],
  [
    "a family twice",
    device({ families: ["ipv4", "ipv4"] }),
    'devices[0].families: expected each family once, got ["ipv4","ipv4"]',
  ],
  [
    "an unsigned name that a key holds",
    { unsignedDomains: ["shed.kept.org"] },
    'unsignedDomains[0]: expected no name of devices[1].domains[0], "shed.kept.org.", which only a signature may move, got "shed.kept.org."',
  ],
  [
    "a malformed stream name",
    { streamName: "a.b" },
    'streamName: expected 1 to 64 letters, digits, hyphens and underscores, got "a.b"',
  ],
  ["half a shard", { shards: 0.5 }, "shards: expected an integer from 1 to 200, got 0.5"],
  [
    "a mode that does not exist",
    { shards: "many" },
    'shards: expected an integer from 1 to 200, or "on-demand", got "many"',
  ],
  [
    "less retention than Kinesis has",
    { retentionHours: 23 },
    "retentionHours: expected an integer from 24 to 8760, got 23",
  ],
  ["doubtful encryption", { encryption: "yes" }, 'encryption: expected true or false, got "yes"'],
  [
    "a log retention that CloudWatch has not",
    { logRetentionDays: 31 },
    "logRetentionDays: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 31",
  ],
  [
    "an e-mail address without a host",
    { alarmEmail: "me" },
    'alarmEmail: expected an e-mail address, got "me"',
  ],
  [
    "a silence longer than an alarm can see",
    { silentDeviceHours: 169 },
    "silentDeviceHours: expected an integer from 0 to 168, got 169",
  ],
  [
    "a silence that every device keeps",
    { silentDeviceHours: 25 },
    "silentDeviceHours: expected 0, or at least 26, because a device whose address stays is heard once a day, got 25",
  ],
  ["too little memory", { memoryMb: 64 }, "memoryMb: expected an integer from 128 to 10240, got 64"],
  [
    "no concurrency",
    { reservedConcurrency: 0 },
    "reservedConcurrency: expected an integer from 1 to 1000, got 0",
  ],
  [
    "less concurrency than shards",
    { shards: 3, reservedConcurrency: 2 },
    "reservedConcurrency: expected at least 3, one for each shard, got 2",
  ],
  ["tags in a list", { tags: ["a"] }, 'tags: expected tags and their values, got ["a"]'],
  [
    "clocks more than a day apart",
    { freshnessSeconds: 86_401 },
    "freshnessSeconds: expected an integer from 1 to 86400, got 86401",
  ],
  [
    "a tag without a name",
    { tags: { "": "me" } },
    'tags.: expected a tag, which is not empty and does not begin with aws:, got ""',
  ],
  [
    "a tag of AWS",
    { tags: { "AWS:owner": "me" } },
    'tags.AWS:owner: expected a tag, which is not empty and does not begin with aws:, got "AWS:owner"',
  ],
  ["a negative TTL", { ttlSeconds: -1 }, "ttlSeconds: expected an integer from 0 to 2147483647, got -1"],
  ["an unknown key", { stream: "s" }, "stream: unknown key"],
  ["a zone's name that is none", { zones: [{ name: 5 }] }, "zones[0].name: expected a text, got 5"],
  [
    "names in no list",
    device({ publishes: "a.kept.org" }),
    'devices[0].publishes: expected a list of names, got "a.kept.org"',
  ],
  [
    "a family in no list",
    device({ families: "ipv4" }),
    'devices[0].families: expected a list of address families, got "ipv4"',
  ],
  [
    "a public key in no list",
    device({ publicKeys: "abc" }),
    'devices[0].publicKeys: expected a list of public keys, got "abc"',
  ],
  [
    "a malformed label of an access key",
    device({ accessKeys: ["a b"] }),
    'devices[0].accessKeys[0]: expected 1 to 32 letters, digits and hyphens, got "a b"',
  ],
  [
    "a label in no list",
    device({ accessKeys: "1" }),
    'devices[0].accessKeys: expected a list of labels, got "1"',
  ],
  [
    "unsigned names in no list",
    { unsignedDomains: "a.kept.org" },
    'unsignedDomains: expected a list of names or patterns, got "a.kept.org"',
  ],
  ["no tags", { tags: "owner" }, 'tags: expected tags and their values, got "owner"'],
  ["no path", { bundle: "" }, 'bundle: expected a path, got ""'],
  ["doubtful examples", { allowExampleNames: "yes" }, 'allowExampleNames: expected true or false, got "yes"'],
  [
    "a number for an e-mail address",
    { alarmEmail: "42" },
    'alarmEmail: expected an e-mail address, got "42"',
  ],
];

describe("the configuration refuses", (test) => {
  for (const [what, others, message] of REFUSED) {
    test(what, () => assert.is(refusalOf(others), `Pulumi.test.yaml: ${message}`));
  }
});
