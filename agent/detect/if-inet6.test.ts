import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { parseIfInet6, selectIpv6 } from "./if-inet6.ts";

const line = (digits: string, flags: string, name = "eth0", scope = "00") =>
  `${digits} 02 40 ${scope} ${flags} ${name.padStart(8)}`;

const STABLE = "26000001000200030000000000001234";
const FROM_ROUTER = "2600000100020003021122fffe334455";
const TEMPORARY = "260000010002000389ab89ab89ab89ab";
const LINK_LOCAL = "fe80000000000000021122fffe334455";

/** The addresses of a table, as they are selected. */
const select = (lines: readonly string[], selection?: Parameters<typeof selectIpv6>[1]) =>
  selectIpv6(parseIfInet6(`${lines.join("\n")}\n`), selection);

describe("parseIfInet6", (test) => {
  test("reads address, name and flags", () => {
    assert.equal(parseIfInet6(`${line(STABLE, "80", "pppoe-wan")}\n${line(TEMPORARY, "61")}\n`), [
      {
        name: "pppoe-wan",
        text: "2600:1:2:3::1234",
        isTemporary: false,
        isDeprecated: false,
        isUnproven: false,
        isPermanent: true,
      },
      {
        name: "eth0",
        text: "2600:1:2:3:89ab:89ab:89ab:89ab",
        isTemporary: true,
        isDeprecated: true,
        isUnproven: true,
        isPermanent: false,
      },
    ]);
  });

  test("reads no line that it does not understand", () => {
    assert.equal(parseIfInet6("\n00 00\nzz\n"), []);
    fc.assert(fc.property(fc.string(), (text) => void parseIfInet6(text)));
  });
});

describe("selectIpv6", (test) => {
  const flags: [string, string, boolean][] = [
    ["one from a router advertisement", "00", true],
    ["a permanent one", "80", true],
    ["one without duplicate detection", "02", true],
    ["a temporary one", "01", false],
    ["an optimistic one", "04", false],
    ["one that failed duplicate detection", "08", false],
    ["a permanent one that failed duplicate detection", "88", false],
    ["a deprecated one", "20", false],
    ["a permanent, deprecated one", "a0", false],
    ["a tentative one", "40", false],
    ["a permanent, tentative one", "c0", false],
  ];
  for (const [name, hex, isTaken] of flags) {
    test(`${isTaken ? "takes" : "does not take"} ${name}`, () => {
      assert.equal(select([line(STABLE, hex)]), isTaken ? ["2600:1:2:3::1234"] : []);
    });
  }

  test("takes permanent ones first, whatever the order of the kernel", () => {
    const lines = [
      line(FROM_ROUTER, "00"),
      line(STABLE, "80"),
      line(TEMPORARY, "01"),
      line(LINK_LOCAL, "80", "eth0", "20"),
    ];
    const expected = ["2600:1:2:3::1234", "fe80::211:22ff:fe33:4455", "2600:1:2:3:211:22ff:fe33:4455"];
    assert.equal(select(lines), expected);
    assert.equal(select([...lines].reverse()), expected);
  });

  test("takes the one made of the hardware address, where that is wanted", () => {
    assert.equal(select([line(STABLE, "80"), line(FROM_ROUTER, "00")], "eui64"), [
      "2600:1:2:3:211:22ff:fe33:4455",
    ]);
  });

  test("takes the one with the wanted end, in any spelling", () => {
    const lines = [line(STABLE, "80"), line(FROM_ROUTER, "00")];
    assert.equal(select(lines, { suffix: "::0:1234" }), ["2600:1:2:3::1234"]);
    assert.equal(select(lines, { suffix: "::211:22ff:254.51.68.85" }), ["2600:1:2:3:211:22ff:fe33:4455"]);
    assert.equal(select(lines, { suffix: "::9" }), []);
  });
});
