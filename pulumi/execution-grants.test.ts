import { assert, describe } from "../scripts/describe.ts";
import { hostedZoneArn, planExecutionGrants } from "./execution-grants.ts";
import { executionPolicy, MOST_POLICY_CHARACTERS, policySize, type ZoneGrant } from "./policies.ts";
import { settingsOf } from "./settings-fixture.ts";

describe("the names that the function's policy grants", (test) => {
  const plan = (zones: readonly string[], domains: readonly string[]) => {
    const devices = [{ name: "d", domains, publishes: undefined }];
    const withNames = domains.some((domain) => !domain.includes("*"));
    const [zone] = zones;
    const names = withNames ? {} : { publishes: [domains[0]?.replaceAll("*", "x") ?? `x.${zone}`] };
    return planExecutionGrants(
      settingsOf({ zones, devices: devices.map((given) => ({ ...given, ...names })) }),
    );
  };
  const grants = (zones: readonly string[], domains: readonly string[]) =>
    Object.fromEntries(plan(zones, domains).grants.map(({ apex, names }) => [apex, names]));

  test("are in the normalized form: lower case, A-labels, no trailing dot, each once, in order", () => {
    const devices = [
      { name: "d", domains: ["B.kept.org.", "*.a.kept.org", "bücher.kept.org"] },
      { name: "e", domains: ["b.kept.org"] },
    ];
    assert.equal(planExecutionGrants(settingsOf({ zones: ["kept.org"], devices })).grants, [
      { apex: "kept.org.", names: ["*.a.kept.org", "b.kept.org", "xn--bcher-kva.kept.org"] },
    ]);
  });

  test("are those of all devices and of none", () => {
    const { grants: found } = planExecutionGrants(settingsOf({ unsignedDomains: ["seed.kept.org"] }));
    assert.equal(found, [
      { apex: "home.kept.dev.", names: ["*.attic.home.kept.dev", "attic.home.kept.dev"] },
      { apex: "kept.org.", names: ["seed.kept.org", "shed.kept.org"] },
    ]);
  });

  test("are only those of the zone that holds them, the deepest one", () => {
    const zones = ["kept.org", "sub.kept.org", "empty.dev"];
    assert.equal(grants(zones, ["a.kept.org", "a.sub.kept.org", "sub.kept.org", "*.sub.kept.org"]), {
      "kept.org.": ["a.kept.org"],
      "sub.kept.org.": ["*.sub.kept.org", "a.sub.kept.org", "sub.kept.org"],
    });
  });

  test("reach with a pattern into every zone that holds a match, and no other", () => {
    const zones = ["kept.org", "sub.kept.org", "deep.deep.kept.org"];
    assert.equal(grants(zones, ["*.kept.org"]), {
      "kept.org.": ["*.kept.org"],
      "sub.kept.org.": ["sub.kept.org"],
    });
    assert.equal(
      Object.keys(grants(zones, ["**.kept.org"])),
      zones.map((zone) => `${zone}.`),
    );
  });

  // To IAM a star is any text: in the zone itself it would be every name.
  test("have no star over the apex of a zone below", () => {
    const zones = ["kept.org", "sub.kept.org", "b.a.kept.org"];
    assert.equal(grants(zones, ["a.*.kept.org", "*.*.kept.org"]), {
      "kept.org.": ["*.*.kept.org", "a.*.kept.org"],
      "sub.kept.org.": ["*.sub.kept.org", "a.sub.kept.org"],
      "b.a.kept.org.": ["b.a.kept.org"],
    });
    assert.equal(grants(zones, ["**.*.kept.org"]), {
      "kept.org.": ["*.*.kept.org"],
      "sub.kept.org.": ["*.sub.kept.org"],
      "b.a.kept.org.": ["*.a.kept.org"],
    });
  });

  test("have one star for two", () => {
    assert.equal(grants(["kept.org"], ["**.a.kept.org", "b.*.kept.org", "a.kept.org"]), {
      "kept.org.": ["*.a.kept.org", "a.kept.org", "b.*.kept.org"],
    });
  });

  const numbered = (count: number, zone: string) =>
    Array.from({ length: count }, (_, n) => `router-${n}.${zone}`);

  test("become the whole zone where they are more than a policy holds, the longest list first", () => {
    const few = numbered(10, "kept.dev");
    const { grants: found, widened } = plan(
      ["kept.dev", "kept.org"],
      [...numbered(1_000, "kept.org"), ...few],
    );
    assert.equal(widened, ["kept.org."]);
    assert.equal(found, [
      { apex: "kept.dev.", names: few.sort() },
      { apex: "kept.org.", names: ["kept.org", "*.kept.org"] },
    ]);
  });

  test("fill the policy to its last character, and no further", () => {
    const size = (names: readonly string[]) => policySize(executionPolicy(LONGEST, [grant(names)]));
    const counts = Array.from({ length: 600 }, (_, n) => n);
    const count = counts.findLast((n) => size(numbered(n, "kept.org")) < MOST_POLICY_CHARACTERS - 20);
    const most = numbered(count ?? 0, "kept.org");
    const left = 10_240 - size([...most, ".kept.org"]);
    const withName = (length: number) => plan(["kept.org"], [...most, `${"y".repeat(length)}.kept.org`]);
    assert.equal(withName(left).widened, []);
    assert.equal(withName(left + 1).widened, ["kept.org."]);
  });

  test("fit for sixteen zones", () => {
    const zones = Array.from({ length: 16 }, (_, n) => `zone-${n}.kept.org`);
    const domains = zones.map((zone) => `a.${zone}`);
    assert.is(plan(zones, domains).grants.length, 16);
  });
});

describe("the ARN of a zone", (test) => {
  test("is in the partition of the stream", () => {
    const stream = "arn:aws-cn:kinesis:cn-north-1:111111111111:stream/s";
    assert.is(hostedZoneArn(stream, "Z1"), "arn:aws-cn:route53:::hostedzone/Z1");
  });
});

/** The longest there can be of each. */
const LONGEST = {
  streamArn: `arn:aws-us-gov:kinesis:${"x".repeat(20)}:${"0".repeat(12)}:stream/${"x".repeat(64)}`,
  logGroupArn: `arn:aws-us-gov:logs:${"x".repeat(20)}:${"0".repeat(12)}:log-group:/aws/lambda/${"x".repeat(64)}`,
  queueArn: `arn:aws-us-gov:sqs:${"x".repeat(20)}:${"0".repeat(12)}:${"x".repeat(64)}-failures`,
};

function grant(names: readonly string[]): ZoneGrant {
  return { zoneArn: `arn:aws-us-gov:route53:::hostedzone/${"Z".repeat(32)}`, names };
}
