import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { type Fqdn, isWithin, parseFqdn } from "./contract/fqdn.ts";
import { findZone, type Zone } from "./zone.ts";

function zonesOf(...names: string[]): Map<Fqdn, Zone> {
  return new Map(names.map(parseFqdn).map((apex) => [apex, { apex, id: `Z${apex}` }]));
}

describe("findZone", (test) => {
  const zones = zonesOf("example.com", "dyn.example.com", "example.org");
  const cases: [string, string | undefined][] = [
    ["example.com", "example.com."],
    ["home.example.com", "example.com."],
    ["*.example.com", "example.com."],
    ["dyn.example.com", "dyn.example.com."],
    ["a.b.dyn.example.com", "dyn.example.com."],
    ["notdyn.example.com", "example.com."],
    ["notexample.com", undefined],
    ["example.com.evil.org", undefined],
    ["example.net", undefined],
  ];
  for (const [name, apex] of cases) {
    test(`puts ${name} into ${apex ?? "no zone"}`, () =>
      assert.is(findZone(zones, parseFqdn(name))?.apex, apex));
  }

  test("finds the longest of all the zones that hold the name", () => {
    const label = fc.constantFrom("a", "b", "c");
    const name = fc.array(label, { minLength: 2, maxLength: 5 }).map((labels) => parseFqdn(labels.join(".")));
    fc.assert(
      fc.property(fc.array(name), name, (apexes, fqdn) => {
        const holding = apexes.filter((apex) => isWithin(fqdn, apex)).toSorted((a, b) => b.length - a.length);
        assert.is(findZone(zonesOf(...apexes), fqdn)?.apex, holding[0]);
      }),
    );
  });
});
