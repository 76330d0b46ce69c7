import { assert, describe } from "../../scripts/describe.ts";
import { ipv4DefaultInterface, ipv6DefaultInterface } from "./default-route.ts";

const HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT".padEnd(
  127,
);
const ipv4 = (name: string, more: { to?: string; flags?: string; metric?: string; mask?: string } = {}) => {
  const { to = "00000000", flags = "0003", metric = "0", mask = "00000000" } = more;
  return `${name}\t${to}\t0101A8C0\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0`.padEnd(127);
};
const ZERO = "0".repeat(32);
const ipv6 = (name: string, more: { to?: string; length?: string; flags?: string; metric?: string } = {}) => {
  const { to = ZERO, length = "00", flags = "00450003", metric = "00000400" } = more;
  const gateway = "fe8000000000000002005efffe000001";
  return `${to} ${length} ${ZERO} 00 ${gateway} ${metric} 00000001 00000000 ${flags} ${name.padStart(8)}`;
};

describe("ipv4DefaultInterface", (test) => {
  const local = ipv4("br-lan", { to: "0001A8C0", flags: "0001", mask: "00FFFFFF" });
  const cases: [string, readonly string[], string | undefined][] = [
    ["is of the default route", [local, ipv4("eth0.2")], "eth0.2"],
    ["is none without one", [local], undefined],
    ["is none in an empty table", [], undefined],
    [
      "is of the lowest metric, by number",
      [ipv4("a", { metric: "600" }), ipv4("b", { metric: "1000" })],
      "a",
    ],
    [
      "is of the lowest metric, wherever it stands",
      [ipv4("a", { metric: "20" }), ipv4("b", { metric: "10" })],
      "b",
    ],
    ["is of the first of equals", [ipv4("a"), ipv4("b")], "a"],
    ["is not of a rejecting route", [ipv4("*", { flags: "0201" }), ipv4("ppp0", { metric: "5" })], "ppp0"],
    ["is not of a route that is down", [ipv4("a", { flags: "0002" })], undefined],
    ["is not of half the Internet", [ipv4("tun0", { mask: "00000080" }), ipv4("wan")], "wan"],
    ["is of a point-to-point line without a gateway", [ipv4("pppoe-wan", { flags: "0001" })], "pppoe-wan"],
  ];
  for (const [name, lines, expected] of cases) {
    test(name, () => assert.is(ipv4DefaultInterface(`${[HEAD, ...lines].join("\n")}\n`), expected));
  }
});

describe("ipv6DefaultInterface", (test) => {
  const local = ipv6("br-lan", { to: `fd${"0".repeat(30)}`, length: "40" });
  // What every Linux has at the end of its table.
  const rejecting = ipv6("lo", { flags: "00200200", metric: "ffffffff" });
  const cases: [string, readonly string[], string | undefined][] = [
    ["is of the default route", [local, ipv6("wan6"), rejecting], "wan6"],
    ["is none without one", [local, rejecting], undefined],
    ["is none in an empty table", [], undefined],
    [
      "is of the lowest metric, which is hexadecimal",
      [ipv6("a", { metric: "00000010" }), ipv6("b", { metric: "0000000a" })],
      "b",
    ],
    ["is not of a route that begins with zeros", [ipv6("a", { length: "60" }), ipv6("b")], "b"],
  ];
  for (const [name, lines, expected] of cases) {
    test(name, () => assert.is(ipv6DefaultInterface(`${lines.join("\n")}\n`), expected));
  }
});
