import { assert, describe } from "../scripts/describe.ts";
import { parseFqdn } from "./contract/fqdn.ts";
import { findHiding, findOverlap, type PatternClaim } from "./pattern-overlap.ts";
import { parseNamePattern } from "./patterns.ts";

const zones = new Map(
  ["example.com", "lan.dyn.example.com"].map(parseFqdn).map((apex) => [apex, { apex, id: apex }]),
);

const claim = (place: string, text: string, isKeyed: boolean): PatternClaim => ({
  place,
  pattern: parseNamePattern(text),
  isKeyed,
});
const claimsFor = (keyed: string, unkeyed: string) => [
  claim("open", unkeyed, false),
  claim("attic", keyed, true),
];

describe("findHiding", (test) => {
  const hidden: [keyed: string, unkeyed: string][] = [
    ["*.dyn.example.com", "x.y.dyn.example.com"],
    ["*.dyn.example.com", "w.x.y.dyn.example.com"],
    ["*.dyn.example.com", "*.y.dyn.example.com"],
    ["*.dyn.example.com", "x.*.dyn.example.com"],
    ["*.dyn.example.com", "**.y.dyn.example.com"],
    ["*.*.example.com", "x.y.dyn.example.com"],
    ["*.example.com", "x.y.example.com"],
    // The zone that begins at the name between them hides it, but the pattern also matches names outside that zone.
    ["*.dyn.example.com", "x.*.*.example.com"],
  ];
  for (const [keyed, unkeyed] of hidden) {
    test(`finds ${unkeyed} below ${keyed}`, () => {
      const harm = "which would no longer answer for the names between them";
      const problem = `expected no name below attic, "${keyed}.", ${harm}, got "${unkeyed}."`;
      assert.equal(findHiding(claimsFor(keyed, unkeyed), zones), { place: "open", problem });
    });
  }

  const harmless: [keyed: string, unkeyed: string, why: string][] = [
    ["*.dyn.example.com", "dyn.example.com", "it is the parent"],
    ["*.dyn.example.com", "x.y.example.com", "it is beside it"],
    ["*.dyn.example.com", "x.notdyn.example.com", "it is beside it"],
    ["y.dyn.example.com", "x.y.dyn.example.com", "there is no wildcard"],
    ["a.*.example.com", "x.a.y.example.com", "there is no wildcard"],
    ["*.dyn.example.com", "x.y.lan.dyn.example.com", "another zone begins between them"],
    ["*.dyn.example.com", "lan.dyn.example.com", "another zone begins there"],
    ["*.lan.dyn.example.com", "x.y.dyn.example.com", "it is in another zone"],
  ];
  for (const [keyed, unkeyed, why] of harmless) {
    test(`leaves ${unkeyed} with ${keyed}: ${why}`, () =>
      assert.is(findHiding(claimsFor(keyed, unkeyed), zones), undefined));
  }

  test("finds one in the zone that the wildcard is in, though that begins below another's", () => {
    const [open, ...keyed] = claimsFor("*.lan.dyn.example.com", "x.y.lan.dyn.example.com");
    assert.ok(open && findHiding([open, ...keyed, claim("shed", "*.dyn.example.com", true)], zones));
  });

  test("leaves a keyed sender's name to its key", () => {
    const both = ["*.dyn.example.com", "x.y.dyn.example.com"].map((text) => claim("attic", text, true));
    assert.is(findHiding(both, zones), undefined);
  });
});

describe("findOverlap", (test) => {
  const cases: [keyed: string, unkeyed: string, isOverlap: boolean][] = [
    ["home.example.com", "home.example.com", true],
    ["home.example.com", "*.example.com", true],
    ["*.example.com", "home.example.com", true],
    ["*.example.com", "*.example.com", true],
    ["**.example.com", "a.b.example.com", true],
    ["a.*.example.com", "a.b.example.com", true],
    ["*.example.com", "a.b.example.com", false],
    ["home.example.com", "nas.example.com", false],
    ["home.example.com", "*.home.example.com", false],
  ];
  for (const [keyed, unkeyed, isOverlap] of cases) {
    test(`${isOverlap ? "finds" : "leaves"} ${unkeyed} with ${keyed}`, () => {
      const found = findOverlap(claimsFor(keyed, unkeyed));
      const problem = `expected no name of attic, "${keyed}.", which only a signature may move, got "${unkeyed}."`;
      assert.equal(found, isOverlap ? { place: "open", problem } : undefined);
    });
  }
});
