import fc from "fast-check";
import { assert, describe } from "../../describe.ts";
import { decodeName, isWithin, labelsOf, nameBytes, nameOf, parentOf, parseName, sortKey } from "./name.ts";

const rawLabels = fc.array(
  fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((bytes) => Buffer.from(bytes).toString("latin1").replace(/[A-Z]/g, "x")),
  { minLength: 1, maxLength: 8 },
);

describe("a Route 53 name", (test) => {
  const canonical: readonly (readonly [string, string])[] = [
    ["Home.Example.COM", "home.example.com."],
    ["home.example.com.", "home.example.com."],
    ["*.example.com", "\\052.example.com."],
    ["\\052.example.com", "\\052.example.com."],
    ["_acme-challenge.example.com", "_acme-challenge.example.com."],
    ["a\\056b.example.com", "a\\056b.example.com."],
    ["\\110ome.example.com", "home.example.com."],
    ["ex\\344mple.com", "ex\\344mple.com."],
    ["a!b.example.com", "a\\041b.example.com."],
    ["back\\slash.example.com", "back\\134slash.example.com."],
  ];
  for (const [text, name] of canonical) {
    test(`${text} is stored as ${name}`, () => assert.equal(decodeName(text), { name }));
  }

  const longLabel = "a".repeat(64);
  const longName = `${"a.".repeat(127)}com`;
  const refused: readonly (readonly [string, string])[] = [
    ["", "DomainLabelEmpty (Domain label is empty) encountered with ''"],
    [".", "DomainLabelEmpty (Domain label is empty) encountered with '.'"],
    ["example.org..", "DomainLabelEmpty (Domain label is empty) encountered with 'example.org..'"],
    ["a..example.org", "DomainLabelEmpty (Domain label is empty) encountered with 'a..example.org'"],
    ["a b.example.org", "UnsupportedCharacter (Value contains unsupported characters) encountered with ' '"],
    ["é.example.org", "UnsupportedCharacter (Value contains unsupported characters) encountered with 'é'"],
    [`${longLabel}.org`, `DomainLabelTooLong (Domain label is too long) encountered with '${longLabel}'`],
    [longName, `DomainTooLong (Domain name is too long) encountered with '${longName}'`],
  ];
  for (const [text, problem] of refused) {
    test(`${JSON.stringify(text.slice(0, 20))} is refused in AWS's words`, () => {
      assert.equal(decodeName(text), { problem: `FATAL problem: ${problem}` });
    });
  }

  test("of 255 bytes on the wire is taken, and a label of 63", () => {
    const name = `${"a.".repeat(126)}a`;
    assert.is(nameBytes(parseName(name)).length, 255);
    assert.is(parseName("a".repeat(63)), `${"a".repeat(63)}.`);
  });

  test("written wrongly in the program is told with what was found", () => {
    assert.throws(() => parseName("a..b"), /^DNS name "a\.\.b": FATAL problem: DomainLabelEmpty/);
  });

  test("made of any bytes keeps them, and is its own canonical form", () => {
    fc.assert(
      fc.property(rawLabels, (labels) => {
        const name = nameOf(labels);
        assert.equal(labelsOf(name), labels);
        assert.equal(decodeName(name), { name });
        assert.is(
          nameBytes(name).toString("latin1"),
          `${labels.map((l) => String.fromCharCode(l.length) + l).join("")}\0`,
        );
      }),
    );
  });

  test("decoded twice is as decoded once, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 30 }), (text) => {
        const first = decodeName(text);
        if ("name" in first) assert.equal(decodeName(first.name), first);
      }),
    );
  });

  test("has a parent up to the root", () => {
    assert.is(parentOf("a\\056b.example.com."), "example.com.");
    assert.is(parentOf("com."), ".");
  });

  test("is within a zone at label boundaries only", () => {
    assert.is(isWithin("example.com.", "example.com."), true);
    assert.is(isWithin("a.example.com.", "example.com."), true);
    assert.is(isWithin("badexample.com.", "example.com."), false);
  });

  test("sorts by its labels reversed, with the trailing dot, by the characters and not their escapes", () => {
    const sorted = [
      "example.com.",
      "\\052.example.com.",
      "a-b.example.com.",
      "a.example.com.",
      "x.a.example.com.",
      "ab.example.com.",
    ];
    assert.equal(
      [...sorted].reverse().sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
      sorted,
    );
    assert.is(sortKey("\\052.example.com."), "com.example.*.");
  });
});
