import { assert, describe } from "../scripts/describe.ts";
import { refusalOf } from "./settings-fixture.ts";

const device = (more: object) => ({ devices: [{ name: "attic", domains: ["a.kept.org"], ...more }] });

/** The whole message after the name of the file. */
const REFUSED: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  [
    "a zone of examples",
    { zones: ["kept.org", "home.kept.dev", "example.com"] },
    'zones[2].name: expected a name of your own, got "example.com", which is for examples only',
  ],
  [
    "a name of examples",
    device({ domains: ["home.Example.net."] }),
    'devices[0].domains[0]: expected a name of your own, got "home.Example.net.", which is for examples only',
  ],
  [
    "a pattern of tests",
    { unsignedDomains: ["*.home.test"] },
    'unsignedDomains[0]: expected a name of your own, got "*.home.test", which is for examples only',
  ],
  [
    "a name of home networks",
    device({ domains: ["attic.local"] }),
    'devices[0].domains[0]: expected a name of your own, got "attic.local", which is for examples only',
  ],
  [
    "a zone of examples in full-width letters",
    { zones: ["ｅｘａｍｐｌｅ．ｃｏｍ"] },
    'zones[0].name: expected a name of your own, got "\\uff45\\uff58\\uff41\\uff4d\\uff50\\uff4c\\uff45\\uff0e\\uff43\\uff4f\\uff4d", which is for examples only',
  ],
  [
    "a pattern of examples in full-width letters",
    device({ domains: ["*.ｅｘａｍｐｌｅ.com"] }),
    'devices[0].domains[0]: expected a name of your own, got "*.\\uff45\\uff58\\uff41\\uff4d\\uff50\\uff4c\\uff45.com", which is for examples only',
  ],
  [
    "an e-mail address of examples",
    { alarmEmail: "me@example.org" },
    'alarmEmail: expected a name of your own, got "me@example.org", which is for examples only',
  ],
  [
    "a device to be named",
    device({ name: "CHANGEME" }),
    'devices[0].name: expected your own answer, got the placeholder "CHANGEME"',
  ],
  [
    "a zone to be named",
    { zones: ["<your zone>"] },
    'zones[0].name: expected your own answer, got the placeholder "<your zone>"',
  ],
  [
    "a domain to be named",
    device({ domains: ["your-domain.org"] }),
    'devices[0].domains[0]: expected your own answer, got the placeholder "your-domain.org"',
  ],
  ...["yourdomain.com", "home.mydomain.org", "your-company.com", "xxxx.org"].map(
    (name) =>
      [
        `a zone to be named, ${name}`,
        { zones: [name] },
        `zones[0].name: expected your own answer, got the placeholder "${name}"`,
      ] as const,
  ),
  ...["Z0123456789ABC", "ZXXXXXXXXXXX"].map(
    (id) =>
      [
        `a zone's id to be looked up, ${id}`,
        { zones: ["home.kept.dev", { name: "kept.org", id }] },
        `zones[1].id: expected your own answer, got the placeholder "${id}"`,
      ] as const,
  ),
  [
    "a tag to be filled in",
    { tags: { stage: "test", owner: "CHANGEME" } },
    'tags.owner: expected your own answer, got the placeholder "CHANGEME"',
  ],
  [
    "a key to be made",
    device({ publicKeys: ["TODO"] }),
    'devices[0].publicKeys[0]: expected your own answer, got the placeholder "TODO"',
  ],
  [
    "a name to publish to be named",
    device({ domains: ["a.kept.org", "**.kept.org"], publishes: ["changeme.kept.org"] }),
    'devices[0].publishes[0]: expected your own answer, got the placeholder "changeme.kept.org"',
  ],
  [
    "a stream to be named",
    { streamName: "replace-me" },
    'streamName: expected your own answer, got the placeholder "replace-me"',
  ],
  ...[
    "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
    "/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=",
  ].map(
    (key) =>
      [
        `a key whose private half is published, ${key}`,
        device({ publicKeys: [key] }),
        `devices[0].publicKeys[0]: expected your own answer, got the placeholder "${key}"`,
      ] as const,
  ),
];

describe("the configuration refuses what was copied and not changed:", (test) => {
  for (const [what, others, message] of REFUSED) {
    test(what, () => assert.is(refusalOf(others), `Pulumi.test.yaml: ${message}`));
  }
});
