import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { type Fqdn, fqdnToWire, isWithin, parseFqdn } from "./fqdn.ts";

const label63 = "a".repeat(63);
const name253 = [label63, label63, label63, "b".repeat(61)].join(".");

describe("parseFqdn", (test) => {
  const canonical: [string, string][] = [
    ["home.example.com", "home.example.com."],
    ["Home.EXAMPLE.com.", "home.example.com."],
    ["*.example.com", "*.example.com."],
    ["_acme.example.com", "_acme.example.com."],
    ["a--b.example.com", "a--b.example.com."],
    ["1.example.com", "1.example.com."],
    ["bücher.example", "xn--bcher-kva.example."],
    ["BÜCHER.example", "xn--bcher-kva.example."],
    ["xn--bcher-kva.example", "xn--bcher-kva.example."],
    ["XN--BCHER-KVA.example", "xn--bcher-kva.example."],
    ["*.bücher.example", "*.xn--bcher-kva.example."],
    ["faß.de", "xn--fa-hia.de."],
    ["例え。jp", "xn--r8jz45g.jp."],
    ["ｈｏｍｅ.example.com", "home.example.com."],
    // The first letter is Cyrillic: another name, not a spelling of the Latin one.
    ["аpple.com", "xn--pple-43d.com."],
    [name253, `${name253}.`],
    [`${name253}.`, `${name253}.`],
  ];
  for (const [text, fqdn] of canonical) {
    test(`reads ${text.slice(0, 30)} as ${fqdn.slice(0, 30)}`, () => assert.is(parseFqdn(text), fqdn));
  }

  const oneName = /^expected a full domain name such as home\.example\.com, got /;
  const badLabel = /^expected labels of letters, digits and hyphens, found /;
  const badStar = /^expected \* only as the whole first label of a domain name, got /;
  const refused: [string, RegExp][] = [
    ["", oneName],
    [".", oneName],
    ["localhost", oneName],
    ["com.", oneName],
    ["..", badLabel],
    [".example.com", badLabel],
    ["home..example.com", badLabel],
    ["example.com..", badLabel],
    ["-a.example.com", badLabel],
    ["a-.example.com", badLabel],
    ["a b.example.com", badLabel],
    ["a\n.example.com", badLabel],
    ["a\u0000.example.com", badLabel],
    ["a/b.example.com", badLabel],
    ["ü/b.example.com", badLabel],
    ["ü\n.example.com", badLabel],
    ["ü%41.example.com", badLabel],
    ["\u2100.example.com", badLabel],
    ["\ud800.example.com", badLabel],
    ["a@b.example.com", badLabel],
    ["\\052.example.com", badLabel],
    ["xn--a.example.com", badLabel],
    ["xn--.example.com", badLabel],
    ["a\u202eb.example.com", badLabel],
    ["\u200b.example.com", badLabel],
    [`${label63}a.example.com`, badLabel],
    [`${"ü".repeat(63)}.example.com`, badLabel],
    ["a.*.example.com", badStar],
    ["**.example.com", badStar],
    ["a*.example.com", badStar],
    ["*.com", /^expected \* to stand before a full domain name, got "\*\.com"$/],
    ["1.2.3.4", /^expected a domain name, which never ends in a number, got "1\.2\.3\.4"$/],
    [`${name253}c`, /^expected at most 253 characters, got "a{63}\.a{16}\.\.\."$/],
  ];
  for (const [text, message] of refused) {
    test(`refuses ${JSON.stringify(text).slice(0, 40)}`, () => assert.throws(() => parseFqdn(text), message));
  }

  test("is total and idempotent over any text", () => {
    const anyName = fc.oneof(fc.string({ unit: "binary" }), fc.domain(), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(anyName, fc.constantFrom("", ".example.com"), (name, suffix) => {
        let fqdn: Fqdn;
        try {
          fqdn = parseFqdn(name + suffix);
        } catch (error) {
          assert.is((error as Error).name, "RefusedError");
          return;
        }
        assert.match(fqdn, /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+$/);
        assert.ok(fqdn.length <= 254);
        assert.is(parseFqdn(fqdnToWire(fqdn)), fqdn);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("isWithin", (test) => {
  const apex = parseFqdn("example.com");
  const names: [string, boolean][] = [
    ["example.com", true],
    ["a.example.com", true],
    ["*.example.com", true],
    ["b.a.example.com", true],
    ["notexample.com", false],
    ["example.com.evil.org", false],
    ["example.org", false],
  ];
  for (const [name, expected] of names) {
    test(`of ${name} is ${expected}`, () => assert.is(isWithin(parseFqdn(name), apex), expected));
  }
});
