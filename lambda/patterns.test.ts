import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { type Fqdn, parseFqdn } from "./contract/fqdn.ts";
import {
  createNameMatcher,
  fixedSuffix,
  matchesPattern,
  type NamePattern,
  parseNamePattern,
  patternsOverlap,
} from "./patterns.ts";

// Few labels, so that names and patterns meet often.
const label = fc.constantFrom("a", "b", "dyn", "example", "notexample", "com");
const name = fc
  .tuple(fc.constantFrom("", "*."), fc.array(label, { minLength: 2, maxLength: 5 }))
  .map(([star, labels]) => parseFqdn(star + labels.join(".")));
const pattern = fc
  .tuple(
    fc.constantFrom("", "*.", "**."),
    fc.array(fc.oneof({ weight: 4, arbitrary: label }, { weight: 1, arbitrary: fc.constant("*") }), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.constantFrom("com", "example"),
  )
  .map(([first, labels, last]) => parseNamePattern(`${first}${labels.join(".")}.${last}`));

/** The same question asked of a regular expression, in which a label is whatever has no dot. */
function matchesByRegExp({ labels }: NamePattern, fqdn: Fqdn): boolean {
  const parts = labels.map((part) => ({ "*": "[^.]+", "**": "[^.]+(?:\\.[^.]+)*" })[part] ?? part);
  return new RegExp(`^${parts.join("\\.")}\\.$`).test(fqdn);
}

describe("parseNamePattern", (test) => {
  const spellings: [string, string][] = [
    ["home.example.com", "home.example.com."],
    ["Home.EXAMPLE.com.", "home.example.com."],
    ["*.Dyn.example.com", "*.dyn.example.com."],
    ["**.example.com", "**.example.com."],
    ["home.*.example.com", "home.*.example.com."],
    ["*.bücher.example", "*.xn--bcher-kva.example."],
  ];
  for (const [text, canonical] of spellings) {
    test(`spells ${text} as ${canonical}`, () => assert.is(parseNamePattern(text).text, canonical));
  }

  const malformed: [string, RegExp][] = [
    ["", /^expected a full domain name such as home.example.com, got ""$/],
    ["*", /^expected a full domain name such as home.example.com, got "x"$/],
    ["home.**.com", /^expected \*\* only as the first label, got "home.\*\*.com"$/],
    ["h*.example.com", /^expected \* only as the whole first label of a domain name, got "h\*.example.com"$/],
    ["***.example.com", /^expected \* only as the whole first label/],
    ["home..example.com", /^expected labels of letters, digits and hyphens, found ""/],
    ["home。*.example.com", /^expected full stops between labels, got "home\\u3002\*.example.com"$/],
    ["a．b.*.example.com", /^expected full stops between labels/],
    ["*.example｡com", /^expected full stops between labels/],
  ];
  test("keeps every label of the text at its place, whatever is between them, or refuses it", () => {
    const dot = fc.constantFrom(".", ".", ".", "\u3002", "\uff0e", "\uff61", "\u2024");
    const part = fc.oneof(label, fc.constant("*"));
    fc.assert(
      fc.property(fc.array(fc.tuple(part, dot), { minLength: 1, maxLength: 4 }), (parts) => {
        const text = `${parts.flat().join("")}com`;
        const places = [...parts.map(([own]) => own), "com"];
        const isPlain = parts.every(([, between]) => between === ".");
        if (!isPlain) assert.throws(() => parseNamePattern(text), /^expected /);
        else assert.equal(parseNamePattern(text).labels, places);
      }),
    );
  });

  for (const [text, message] of malformed) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseNamePattern(text), message));
  }
});

describe("a pattern", (test) => {
  const cases: [pattern: string, matches: string[], misses: string[]][] = [
    [
      "home.example.com",
      ["home.example.com", "HOME.example.com."],
      [
        "example.com",
        "a.home.example.com",
        "xhome.example.com",
        "home.example.com.evil.org",
        "*.example.com",
      ],
    ],
    [
      "*.example.com",
      ["a.example.com", "*.example.com", "xn--bcher-kva.example.com"],
      ["example.com", "a.b.example.com", "*.b.example.com", "a.notexample.com", "a.example.com.evil.org"],
    ],
    [
      "**.example.com",
      ["a.example.com", "a.b.c.example.com", "*.b.example.com"],
      ["example.com", "notexample.com", "a.notexample.com", "example.com.evil.org", "a.example.org"],
    ],
    ["a.*.example.com", ["a.b.example.com"], ["a.example.com", "a.b.c.example.com", "*.b.example.com"]],
    // Cyrillic letters that look like Latin ones are other labels.
    ["*.example.com", [], ["a.exаmple.com", "a.ехample.com"]],
  ];
  for (const [text, matches, misses] of cases) {
    const isMatch = createNameMatcher([parseNamePattern(text)]);
    for (const fqdn of matches) test(`${text} matches ${fqdn}`, () => assert.ok(isMatch(parseFqdn(fqdn))));
    for (const fqdn of misses) test(`${text} misses ${fqdn}`, () => assert.not.ok(isMatch(parseFqdn(fqdn))));
  }

  test("matches what the regular expression of its labels matches", () => {
    fc.assert(
      fc.property(pattern, name, (one, fqdn) =>
        assert.is(matchesPattern(one, fqdn), matchesByRegExp(one, fqdn)),
      ),
      { numRuns: 2000 },
    );
  });

  test("matches in a list of patterns what it matches alone", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), name, (patterns, fqdn) => {
        const expected = patterns.some((one) => matchesByRegExp(one, fqdn));
        assert.is(createNameMatcher(patterns)(fqdn), expected);
      }),
      { numRuns: 2000 },
    );
  });

  test("matches, where its stars do not stand for a label, what it matches without that label there", () => {
    const starTakes = (label: string) => label !== "a";
    const matches = (one: NamePattern, fqdn: Fqdn) => {
      const parts = one.labels.map(
        (part) => ({ "*": "(?!a\\.)[^.]+", "**": "(?!a\\.)[^.]+(?:\\.(?!a\\.)[^.]+)*" })[part] ?? part,
      );
      return new RegExp(`^${parts.join("\\.")}\\.$`).test(fqdn);
    };
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), name, (patterns, fqdn) => {
        const expected = patterns.some((one) => matches(one, fqdn));
        assert.is(createNameMatcher(patterns)(fqdn, starTakes), expected);
        assert.is(
          patterns.some((one) => matchesPattern(one, fqdn, starTakes)),
          expected,
        );
      }),
      { numRuns: 5000 },
    );
  });

  test("matches only names that end in its fixed suffix", () => {
    assert.is(fixedSuffix(parseNamePattern("a.*.b.example.com")), "b.example.com.");
    assert.is(fixedSuffix(parseNamePattern("home.example.com")), "home.example.com.");
    assert.is(fixedSuffix(parseNamePattern("**.com")), "com.");
    fc.assert(
      fc.property(pattern, name, (one, fqdn) => {
        if (matchesPattern(one, fqdn)) assert.ok(`.${fqdn}`.endsWith(`.${fixedSuffix(one)}`));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("patternsOverlap", (test) => {
  test("is true of two patterns that match the same name, in any order", () => {
    fc.assert(
      fc.property(pattern, pattern, name, (one, other, fqdn) => {
        fc.pre(matchesPattern(one, fqdn) && matchesPattern(other, fqdn));
        assert.ok(patternsOverlap(one, other) && patternsOverlap(other, one));
      }),
      { maxSkipsPerRun: 100_000, numRuns: 200 },
    );
  });

  test("is only true where some name matches both", () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        fc.pre(patternsOverlap(one, other));
        const witness = witnessOf(one, other);
        assert.ok(matchesByRegExp(one, witness) && matchesByRegExp(other, witness), `no witness: ${witness}`);
      }),
      { maxSkipsPerRun: 1000, numRuns: 500 },
    );
  });
});

/** A name that matches both of two patterns that overlap. */
function witnessOf(one: NamePattern, other: NamePattern): Fqdn {
  const [long, short] = one.labels.length >= other.labels.length ? [one, other] : [other, one];
  const labels = long.labels.toReversed().map((part, index) => {
    const opposite = short.labels.toReversed()[index] ?? "**";
    const [chosen] = [part, opposite].filter((text) => text !== "*" && text !== "**");
    return chosen ?? "a";
  });
  return `${labels.toReversed().join(".")}.` as Fqdn;
}
