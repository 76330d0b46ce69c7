import { assert, describe } from "../scripts/describe.ts";
import { publishedNames } from "./published-names.ts";
import { refusalOf, settingsOf } from "./settings-fixture.ts";

const device = (more: object) => ({ devices: [{ name: "attic", domains: ["a.kept.org"], ...more }] });

/** The whole message after the name of the file. */
const REFUSED: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  [
    "to publish another's name",
    device({ publishes: ["b.kept.org"] }),
    'devices[0].publishes[0]: expected a name of its domains, got "b.kept.org"',
  ],
  [
    "to publish what no star reaches",
    device({ domains: ["*.kept.org"], publishes: ["ns1.kept.org"] }),
    'devices[0].publishes[0]: expected a name written out in its domains, because no star reaches a zone, name server or service, got "ns1.kept.org"',
  ],
  [
    "to publish, unsigned, a wildcard above a signed name",
    {
      devices: [
        { name: "attic", domains: ["*.a.kept.org"], publishes: ["*.a.kept.org"] },
        {
          name: "shed",
          domains: ["q.r.a.kept.org"],
          publicKeys: ["YS+M9DmWXUDP5D6/VNzGUPk/H8Zl8AuON1/s0FLIPkI="],
        },
      ],
    },
    'devices[0].publishes[0]: expected no wildcard above names that only a signature may move, got "*.a.kept.org"',
  ],
  [
    "to publish a malformed name",
    device({ publishes: ["b"] }),
    'devices[0].publishes[0]: expected a full domain name such as home.example.com, got "b"',
  ],
  [
    "to move a name twice, written differently",
    device({ domains: ["a.kept.org", "A.kept.org."] }),
    'devices[0].domains[1]: expected each name once, got "A.kept.org." again',
  ],
  [
    "to publish a name twice, written differently",
    device({ domains: ["*.kept.org"], publishes: ["b.kept.org", "a.kept.org", "B.kept.org."] }),
    'devices[0].publishes[2]: expected each name once, got "B.kept.org." again',
  ],
  [
    "nothing to publish",
    device({ domains: ["*.kept.org"] }),
    "devices[0].publishes: expected the names to publish, because its domains are patterns only",
  ],
];

describe("the configuration refuses", (test) => {
  for (const [what, others, message] of REFUSED) {
    test(what, () => assert.is(refusalOf(others), `Pulumi.test.yaml: ${message}`));
  }
});

describe("a device", (test) => {
  test("publishes the names of a device, not its patterns, or what it is told to", () => {
    const names = (more: object) => settingsOf(device(more)).devices.map(publishedNames)[0];
    assert.equal(names({ domains: ["A.kept.org", "*.kept.org"] }), ["a.kept.org."]);
    assert.equal(names({ domains: ["**.kept.org"], publishes: ["*.a.kept.org"] }), ["*.a.kept.org."]);
  });
});
