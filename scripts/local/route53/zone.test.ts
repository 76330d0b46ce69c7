import type { Change, ChangeAction, RRType } from "@aws-sdk/client-route-53";
import fc from "fast-check";
import { assert, describe } from "../../describe.ts";
import { planChangeBatch } from "./change.ts";
import { Route53Error } from "./error.ts";
import { applyStaged, createZone, nameExists, type Rrset, sortedRrsets, type Zone } from "./zone.ts";

type Shorthand = readonly [action: string, name: string, type: string, value: string];

function newZone(): Zone {
  return createZone({ id: "Z1", name: "example.com.", nameServers: ["ns-1.test.", "ns-2.test."] });
}

/** Whether the batch was taken. */
function apply(zone: Zone, batch: readonly Shorthand[]): boolean {
  const changes = batch.map(([action, name, type, value]): Change => {
    const ResourceRecords = [{ Value: value }];
    return {
      Action: action as ChangeAction,
      ResourceRecordSet: { Name: name, Type: type as RRType, TTL: 60, ResourceRecords },
    };
  });
  try {
    applyStaged(zone, planChangeBatch(zone, { Changes: changes }));
    return true;
  } catch (error) {
    if (error instanceof Route53Error) return false;
    throw error;
  }
}

/** What the index of existing names must be, worked out afresh. */
function populatedNames(zone: Zone): Map<string, number> {
  const populated = new Map<string, number>();
  for (const name of zone.rrsetsByName.keys()) {
    for (let at = name; at.endsWith("example.com."); at = at.slice(at.indexOf(".") + 1)) {
      populated.set(at, (populated.get(at) ?? 0) + 1);
    }
  }
  return populated;
}

describe("a hosted zone", (test) => {
  test("is made with the SOA and NS that Route 53 makes", () => {
    assert.equal(sortedRrsets(newZone()), [
      { name: "example.com.", type: "NS", ttlSeconds: 172_800, values: ["ns-1.test.", "ns-2.test."] },
      {
        name: "example.com.",
        type: "SOA",
        ttlSeconds: 900,
        values: ["ns-1.test. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"],
      },
    ]);
  });

  test("has the names between a record and the apex, for as long as the record is there", () => {
    const zone = newZone();
    const deep: Shorthand = ["CREATE", "a.b.example.com", "A", "192.0.2.1"];
    apply(zone, [deep]);
    assert.equal(
      ["a.b.example.com.", "b.example.com.", "c.example.com."].map((name) => nameExists(zone, name)),
      [true, true, false],
    );
    apply(zone, [["DELETE", "a.b.example.com", "A", "192.0.2.1"]]);
    assert.is(nameExists(zone, "b.example.com."), false);
    assert.is(nameExists(zone, "example.com."), true);
  });

  test("stays sound under any batches, of which a refused one changes nothing", () => {
    const name = fc.constantFrom("example.com", "a.example.com", "b.a.example.com", "*.b.a.example.com");
    const rdata = fc.constantFrom(["A", "192.0.2.1"], ["TXT", '"text"'], ["CNAME", "x.test"]);
    const change = fc
      .tuple(fc.constantFrom("CREATE", "UPSERT", "DELETE"), name, rdata)
      .map(([action, at, [type = "", value = ""]]): Shorthand => [action, at, type, value]);
    const batches = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 20 });
    const counts = new Map([true, false].map((isTaken) => [isTaken, 0]));
    const property = fc.property(batches, (sequence) => {
      const zone = newZone();
      for (const batch of sequence) {
        const before = structuredClone(sortedRrsets(zone));
        const isTaken = apply(zone, batch);
        counts.set(isTaken, (counts.get(isTaken) ?? 0) + 1);
        assertSound(zone, isTaken ? undefined : before);
      }
    });
    fc.assert(property, { numRuns: 300 });
    assert.ok(
      [...counts.values()].every((count) => count > 100),
      "both outcomes are met often",
    );
  });
});

function assertSound(zone: Zone, expected: readonly Rrset[] | undefined): void {
  if (expected) assert.equal(sortedRrsets(zone), expected);
  for (const rrsets of zone.rrsetsByName.values()) assert.ok(!rrsets.has("CNAME") || rrsets.size === 1);
  const stored = [...zone.rrsetsByName.values()].flatMap((rrsets) => [...rrsets.values()]);
  assert.equal(new Set(sortedRrsets(zone)), new Set(stored));
  assert.equal([...zone.populatedNames].sort(), [...populatedNames(zone)].sort());
}
