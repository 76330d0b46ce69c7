import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { parseFqdn } from "./contract/fqdn.ts";
import { createShadowCheck, findHiding, findOverlap, type PatternClaim } from "./pattern-overlap.ts";
import { parseNamePattern, patternsOverlap } from "./patterns.ts";

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

describe("createShadowCheck", (test) => {
  const cases: [keyed: string, wildcard: string, isShadowed: boolean][] = [
    ["home.example.com", "*.example.com", true],
    ["a.b.home.example.com", "*.example.com", true],
    ["home.example.com", "*.home.example.com", false],
    ["home.example.com", "*.me.example.com", false],
    ["home.example.com", "x.example.com", false],
    ["*.home.example.com", "*.home.example.com", true],
    ["**.home.example.com", "*.a.b.home.example.com", true],
    ["**.home.example.com", "*.example.com", true],
    ["a.*.example.com", "*.b.example.com", true],
    ["a.*.example.com", "*.a.b.example.com", false],
  ];
  for (const [keyed, wildcard, isShadowed] of cases) {
    test(`${isShadowed ? "finds" : "leaves"} ${wildcard} with ${keyed}`, () =>
      assert.is(createShadowCheck(claimsFor(keyed, "x.example.com"))(parseFqdn(wildcard)), isShadowed));
  }

  test("asks for names with a key only", () => {
    assert.not.ok(createShadowCheck([claim("open", "a.example.com", false)])(parseFqdn("*.example.com")));
  });

  test("finds what a comparison with one claim after the other does", () => {
    const label = fc.constantFrom("a", "b", "*");
    const text = fc
      .tuple(fc.constantFrom("", "**."), fc.array(label, { maxLength: 4 }))
      .map(([deep, labels]) => `${deep}${[...labels, "com"].join(".")}`)
      .filter((pattern) => pattern !== "com");
    const parent = fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(text), parent, (texts, labels) => {
        const claims = texts.map((keyed) => claim("attic", keyed, true));
        const answered = parseNamePattern(`**.${labels.join(".")}.com`);
        const expected = claims.some(({ pattern }) => patternsOverlap(pattern, answered));
        assert.is(createShadowCheck(claims)(parseFqdn(`*.${labels.join(".")}.com`)), expected);
      }),
    );
  });

  test("costs no more for ten thousand names with keys", () => {
    const claims = Array.from({ length: 10_000 }, (_, index) =>
      claim("fleet", `a.d${index}.home.example.com`, true),
    );
    const isShadow = createShadowCheck(claims);
    const startedAt = process.cpuUsage();
    for (let index = 0; index < 20_000; index += 1) {
      assert.not.ok(isShadow(parseFqdn(`*.guest${index}.home.example.com`)));
    }
    // To compare with each would take a quarter of a minute.
    assert.ok(process.cpuUsage(startedAt).user < 2_000_000);
  });
});
