import fc from "fast-check";
import { parseAddress } from "../../lambda/contract/address.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { parseIpv6Suffix, withSuffix } from "./ipv6-suffix.ts";

const bits = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
const textOf = (value: bigint) => (value.toString(16).padStart(32, "0").match(/.{4}/g) ?? []).join(":");
const publish = (address: string, suffix: string, prefixLength: number) => {
  const parsed = parseIpv6Suffix(suffix, prefixLength);
  return parsed && withSuffix(parseAddress(address), parsed).text;
};

describe("withSuffix", (test) => {
  const cases: [string, string, number, string][] = [
    ["2600:1:2:3:4:5:6:7", "::1a2b", 64, "2600:1:2:3::1a2b"],
    ["2600:1:2:3:4:5:6:7", "::3:0:0:0:5", 56, "2600:1:2:3::5"],
    ["2600:1:2:ff00::1", "::1:0:0:0:5", 56, "2600:1:2:ff01::5"],
    ["2600:1:2:ffff::1", "::1:0:0:0:5", 60, "2600:1:2:fff1::5"],
    ["2600:1:2:3::1", "::1.2.3.4", 64, "2600:1:2:3::102:304"],
    ["2600:1:2:3:4:5:6:7", "::", 64, "2600:1:2:3::"],
  ];
  for (const [address, suffix, length, expected] of cases) {
    test(`makes ${expected} of ${address} and ${suffix}/${length}`, () => {
      assert.is(publish(address, suffix, length), expected);
    });
  }

  test("has the first bits of the one and the rest of the other, for every length", () => {
    fc.assert(
      fc.property(bits, bits, fc.integer({ min: 1, max: 127 }), (address, other, length) => {
        const rest = (1n << BigInt(128 - length)) - 1n;
        const expected = parseAddress(textOf((address & ~rest) | (other & rest))).text;
        assert.is(publish(textOf(address), textOf(other & rest), length), expected);
      }),
    );
  });
});

describe("parseIpv6Suffix", (test) => {
  test("refuses a suffix that reaches into the prefix, for every length", () => {
    fc.assert(
      fc.property(bits, fc.integer({ min: 1, max: 127 }), (value, length) => {
        const reaches = value >> BigInt(128 - length) !== 0n;
        assert.is(parseIpv6Suffix(textOf(value), length) === undefined, reaches);
      }),
    );
  });

  for (const text of ["", "1.2.3.4", "::1%eth0", "::g", "1", ":::1", "::1/64"]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.is(parseIpv6Suffix(text, 64), undefined));
  }
});
