import { assert, describe } from "../../describe.ts";
import { decodeTxt, isRrsetType, type RrsetType, soaFields, valueProblem } from "./value.ts";

const SOA = "ns-1.awsdns.test. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400";

describe("a Route 53 value", (test) => {
  const good: readonly (readonly [RrsetType, string])[] = [
    ["A", "192.0.2.1"],
    ["AAAA", "2001:db8::1"],
    ["AAAA", "2001:0db8:85a3:0:0:8a2e:0370:7334"],
    ["AAAA", "::ffff:192.0.2.1"],
    ["CNAME", "target.example.com"],
    ["NS", "ns-1.awsdns.test."],
    ["SOA", SOA],
    ["TXT", '"one"'],
    ["TXT", '"one" "two"'],
    ["TXT", '"one""two"'],
    ["TXT", '""'],
    ["TXT", `"${"a".repeat(255)}"`],
    ["TXT", `"${"\\040".repeat(255)}"`],
  ];
  for (const [type, value] of good) {
    test(`${type} ${value.slice(0, 40)} is good`, () => assert.is(valueProblem(type, value), undefined));
  }

  const long = `"${"a".repeat(256)}"`;
  const manyStrings = `"${"a".repeat(200)}"`.repeat(20);
  const bad: readonly (readonly [RrsetType, string, string])[] = [
    ["A", "192.0.2.256", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"],
    ["A", "192.0.2", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"],
    ["A", "192.0.2.01", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"],
    ["A", "2001:db8::1", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"],
    ["A", "", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"],
    ["A", "192.0.2.1, 192.0.2.2", "ARRDATANotSingleField (Value contains spaces)"],
    ["AAAA", "192.0.2.1", "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"],
    ["AAAA", "fe80::1%eth0", "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"],
    ["CNAME", "a..example.com", "DomainLabelEmpty (Domain label is empty)"],
    ["TXT", "one", "InvalidCharacterString (Value should be enclosed in quotation marks)"],
    ["TXT", '"one', "InvalidCharacterString (Value should be enclosed in quotation marks)"],
    ["TXT", '"one\\"', "InvalidCharacterString (Value should be enclosed in quotation marks)"],
    ["TXT", "", "InvalidCharacterString (Value should be enclosed in quotation marks)"],
    ["TXT", long, "CharacterStringTooLong (Value is too long)"],
    ["TXT", manyStrings, "CharacterStringTooLong (Value is too long)"],
    ["SOA", "ns.test. root.test. 1 2 3 4", "SOARRDATAInvalid (Value is not a valid SOA record)"],
    ["SOA", `${SOA} 9`, "SOARRDATAInvalid (Value is not a valid SOA record)"],
    ["SOA", "ns.test. root.test. 1 2 3 4 4294967296", "SOARRDATAInvalid (Value is not a valid SOA record)"],
  ];
  for (const [type, value, problem] of bad) {
    test(`${type} ${JSON.stringify(value.slice(0, 40))} is refused in AWS's words`, () => {
      assert.is(valueProblem(type, value), `FATAL problem: ${problem} encountered with '${value}'`);
    });
  }

  test("TXT with a character that needs an escape names the character", () => {
    assert.is(
      valueProblem("TXT", '"caf\u00e9"'),
      "FATAL problem: UnsupportedCharacter (Value contains unsupported characters) encountered with '\u00e9'",
    );
  });

  test("TXT is read with its escapes undone", () => {
    const result = decodeTxt(String.raw`"a\"b\\c" "caf\303\251 d"`);
    assert.equal("strings" in result ? result.strings.map(String) : result, ['a"b\\c', "caf\u00e9 d"]);
  });

  test("SOA is read into its fields", () => {
    assert.equal(soaFields(SOA), {
      mname: "ns-1.awsdns.test.",
      rname: "awsdns-hostmaster.amazon.com.",
      numbers: [1, 7200, 900, 1209600, 86400],
    });
  });

  test("of a type that is not here is not taken for one that is", () => {
    assert.equal(["A", "MX", "toString"].map(isRrsetType), [true, false, false]);
  });
});
