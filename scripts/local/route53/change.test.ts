import type { Change, ChangeAction, RRType } from "@aws-sdk/client-route-53";
import { assert, describe } from "../../describe.ts";
import { planChangeBatch } from "./change.ts";
import { Route53Error } from "./error.ts";
import { applyStaged, createZone, sortedRrsets, type Zone } from "./zone.ts";

const SOA = "ns-1.test. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400";

/** A batch as text: `ACTION NAME TYPE VALUE,VALUE; …`, where a name without dots is in the zone. */
function changesOf(batch: string, ttlSeconds = 60): Change[] {
  return batch.split("; ").map((text) => {
    const [action, name = "", type, ...rest] = text.split(" ");
    const values = rest.join(" ").split(",");
    return {
      Action: action as ChangeAction,
      ResourceRecordSet: {
        Name: name.includes(".") ? name : `${name}.example.com`,
        Type: type as RRType,
        TTL: ttlSeconds,
        ResourceRecords: values.map((value) => ({ Value: value })),
      },
    };
  });
}

function zoneWith(batch?: string): Zone {
  const zone = createZone({ id: "Z1", name: "example.com.", nameServers: ["ns-1.test.", "ns-2.test."] });
  if (batch) applyStaged(zone, planChangeBatch(zone, { Changes: changesOf(batch) }));
  return zone;
}

/** What the zone then holds besides its SOA and NS, or everything that was wrong. */
function outcome(zone: Zone, changes: Change[]): readonly string[] {
  try {
    applyStaged(zone, planChangeBatch(zone, { Changes: changes }));
    return list(zone);
  } catch (error) {
    if (error instanceof Route53Error && error.name === "InvalidChangeBatch") return error.messages;
    throw error;
  }
}

function list(zone: Zone): string[] {
  return sortedRrsets(zone)
    .filter(({ type }) => type !== "SOA" && type !== "NS")
    .map(({ name, type, values }) => `${name} ${type} ${values}`);
}

describe("a change batch", (test) => {
  const a = "CREATE home A 192.0.2.1";
  const accepted: readonly (readonly [string, string | undefined, string, string[]])[] = [
    ["creates", undefined, a, ["home.example.com. A 192.0.2.1"]],
    ["upserts what is not there", undefined, "UPSERT home A 192.0.2.9", ["home.example.com. A 192.0.2.9"]],
    ["upserts what is there", a, "UPSERT home A 192.0.2.9", ["home.example.com. A 192.0.2.9"]],
    ["deletes", a, "DELETE HOME A 192.0.2.1", []],
    [
      "lower-cases, escapes and ends a name",
      undefined,
      "CREATE *.Example.COM A 192.0.2.1",
      ["\\052.example.com. A 192.0.2.1"],
    ],
    [
      "replaces by DELETE and CREATE",
      a,
      "DELETE home A 192.0.2.1; CREATE home A 192.0.2.2",
      ["home.example.com. A 192.0.2.2"],
    ],
    [
      "goes from A to CNAME",
      a,
      "DELETE home A 192.0.2.1; CREATE home CNAME x.test",
      ["home.example.com. CNAME x.test"],
    ],
    [
      "deletes in whatever order of values",
      "CREATE home A 192.0.2.1,192.0.2.2",
      "DELETE home A 192.0.2.2,192.0.2.1",
      [],
    ],
    [
      "keeps A and AAAA apart",
      a,
      "CREATE home AAAA 2001:db8::1",
      ["home.example.com. A 192.0.2.1", "home.example.com. AAAA 2001:db8::1"],
    ],
    [
      "takes an address at the apex",
      undefined,
      "CREATE example.com A 192.0.2.1",
      ["example.com. A 192.0.2.1"],
    ],
    [
      "upserts a CNAME",
      "CREATE home CNAME x.test",
      "UPSERT home CNAME y.test",
      ["home.example.com. CNAME y.test"],
    ],
  ];
  for (const [title, existing, batch, expected] of accepted) {
    test(title, () => assert.equal(outcome(zoneWith(existing), changesOf(batch)), expected));
  }

  const set = "resource record set [name='home.example.com.', type='A']";
  const outside = (name: string) => `RRSet with DNS name ${name}. is not permitted in zone example.com.`;
  const rrset = (type: string) => `RRSet of type ${type} with DNS name home.example.com.`;
  const besideCname = `${rrset("A")} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.`;
  const twice =
    "The request contains an invalid set of changes for a resource record set 'A home.example.com.'";
  const badAddress = (value: string) =>
    `Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '${value}''`;
  const oneSoa = "A HostedZone must contain exactly one SOA record.";
  const mismatch = `Tried to delete ${set} but the values provided do not match the current values`;

  const refused: readonly (readonly [string, string | undefined, string, string])[] = [
    ["CREATE of what exists", a, a, `Tried to create ${set} but it already exists`],
    [
      "DELETE of what does not",
      undefined,
      "DELETE home A 192.0.2.1",
      `Tried to delete ${set} but it was not found`,
    ],
    ["DELETE with other values", a, "DELETE home A 192.0.2.2", mismatch],
    ["a name outside the zone", undefined, "CREATE example.org A 192.0.2.1", outside("example.org")],
    [
      "a name that only ends like it",
      undefined,
      "CREATE badexample.com A 192.0.2.1",
      outside("badexample.com"),
    ],
    [
      "a CNAME at the apex",
      undefined,
      "CREATE example.com CNAME x.test",
      "RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.",
    ],
    [
      "a CNAME beside an A",
      a,
      "UPSERT home CNAME x.test",
      `${rrset("CNAME")} is not permitted as it conflicts with other records with the same DNS name in zone example.com.`,
    ],
    ["an A beside a CNAME", "CREATE home CNAME x.test", a, besideCname],
    ["an A made with a CNAME", undefined, `CREATE home CNAME x.test; ${a}`, besideCname],
    [
      "a CNAME of two values",
      undefined,
      "CREATE home CNAME x.test,y.test",
      `${rrset("CNAME")} must contain exactly one resource record`,
    ],
    ["two UPSERTs of a record set", undefined, "UPSERT home A 192.0.2.1; UPSERT HOME A 192.0.2.2", twice],
    ["CREATE and then DELETE", undefined, `${a}; DELETE home A 192.0.2.1`, twice],
    ["DELETE twice", a, "DELETE home A 192.0.2.1; DELETE home A 192.0.2.1", twice],
    [
      "a bad name",
      undefined,
      "CREATE a..com A 192.0.2.1",
      "FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with 'a..com'",
    ],
    ["a bad value", undefined, "CREATE home A 192.0.2.256", badAddress("192.0.2.256")],
    [
      "a value twice",
      undefined,
      "CREATE home A 192.0.2.1,192.0.2.1",
      "Duplicate Resource Record: '192.0.2.1'",
    ],
    ["a SOA below the apex", undefined, `CREATE home SOA ${SOA}`, oneSoa],
    ["a SOA of two values", undefined, `UPSERT example.com SOA ${SOA},${SOA}5`, oneSoa],
  ];
  for (const [title, existing, batch, expected] of refused) {
    test(`refuses ${title}`, () => {
      assert.equal(outcome(zoneWith(existing), changesOf(batch)), [expected]);
    });
  }

  test("refuses DELETE with another TTL", () => {
    assert.equal(outcome(zoneWith(a), changesOf("DELETE home A 192.0.2.1", 61)), [mismatch]);
  });

  test("refuses DELETE of the apex's SOA, and of its NS", () => {
    const soa = changesOf(`DELETE example.com SOA ${SOA}`, 900);
    const ns = changesOf("DELETE example.com NS ns-1.test.,ns-2.test.", 172_800);
    const oneNs = "A HostedZone must contain at least one NS record for the zone itself.";
    assert.equal(outcome(zoneWith(), [...soa, ...ns]), [oneSoa, oneNs]);
  });

  test("is all or nothing, and tells all that is wrong in its order", () => {
    const zone = zoneWith(a);
    const batch = `UPSERT new A 192.0.2.7; ${a}; CREATE x A bad,worse; DELETE gone A 192.0.2.1`;
    assert.equal(outcome(zone, changesOf(batch)), [
      `Tried to create ${set} but it already exists`,
      badAddress("bad"),
      badAddress("worse"),
      "Tried to delete resource record set [name='gone.example.com.', type='A'] but it was not found",
    ]);
    assert.equal(list(zone), ["home.example.com. A 192.0.2.1"]);
  });
});
