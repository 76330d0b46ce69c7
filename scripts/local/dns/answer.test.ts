import { assert, describe } from "../../describe.ts";
import { parseName } from "../route53/name.ts";
import type { RrsetType } from "../route53/value.ts";
import { applyStaged, createZone, type NameRrsets, type Rrset } from "../route53/zone.ts";
import { answerQuestion, type QuestionType } from "./answer.ts";

/** A zone from lines of `NAME TYPE VALUE`. */
function zoneOf(apex: string, lines: readonly string[]) {
  const zone = createZone({ id: "Z1", name: apex, nameServers: ["ns.test."] });
  for (const line of lines) {
    const [text = "", type, ...rest] = line.split(" ");
    const name = parseName(text);
    const rrset = { name, type: type as RrsetType, ttlSeconds: 60, values: [rest.join(" ")] };
    const before: NameRrsets = zone.rrsetsByName.get(name) ?? new Map();
    applyStaged(zone, new Map([[name, new Map([...before, [rrset.type, rrset]])]]));
  }
  return zone;
}

function describeAnswer(zone: ReturnType<typeof zoneOf> | undefined, name: string, type: string): string {
  const answer = answerQuestion(zone, parseName(name), type as QuestionType);
  const text = (rrsets: readonly Rrset[]) =>
    rrsets.map((rrset) => `${rrset.name} ${rrset.type} ${rrset.values}`);
  const authorities = answer.authorities.map((rrset) => `${rrset.name} ${rrset.type} ${rrset.ttlSeconds}`);
  const all = [
    answer.rcode,
    answer.isAuthoritative ? "AA" : "",
    ...text(answer.answers),
    ...authorities.map((a) => `(${a})`),
  ];
  return all.filter((part) => part !== "").join(" | ");
}

// RFC 4592 §2.2.1, without its delegation: there are no zone cuts here.
const example = zoneOf("example.", [
  '*.example. TXT "this is a wildcard"',
  "*.example. A 192.0.2.9",
  'sub.*.example. TXT "this is not a wildcard"',
  "host1.example. A 192.0.2.1",
  '_ssh._tcp.host1.example. TXT "srv"',
]);

describe("a wildcard", (test) => {
  const soa = "(example. SOA 900)";
  const cases: readonly (readonly [string, string, string])[] = [
    ["host3.example", "A", "NOERROR | AA | host3.example. A 192.0.2.9"],
    ["host3.example", "AAAA", `NOERROR | AA | ${soa}`],
    ["foo.bar.example", "TXT", 'NOERROR | AA | foo.bar.example. TXT "this is a wildcard"'],
    ["host1.example", "TXT", `NOERROR | AA | ${soa}`],
    ["sub.*.example", "A", `NOERROR | AA | ${soa}`],
    ["_telnet._tcp.host1.example", "TXT", `NXDOMAIN | AA | ${soa}`],
    ["_tcp.host1.example", "TXT", `NOERROR | AA | ${soa}`],
    ["ghost.*.example", "A", `NXDOMAIN | AA | ${soa}`],
    ["*.example", "A", "NOERROR | AA | \\052.example. A 192.0.2.9"],
    ["example", "A", `NOERROR | AA | ${soa}`],
  ];
  for (const [name, type, expected] of cases) {
    test(`answers ${name} ${type} as RFC 4592 has it`, () =>
      assert.is(describeAnswer(example, name, type), expected));
  }

  test("that holds nothing itself makes names exist all the same", () => {
    const zone = zoneOf("example.com.", ["below.*.example.com A 192.0.2.1"]);
    assert.is(describeAnswer(zone, "any.example.com", "A"), "NOERROR | AA | (example.com. SOA 900)");
  });
});

describe("an authoritative answer", (test) => {
  const zone = zoneOf("example.com.", [
    "home.example.com A 192.0.2.1",
    "home.example.com AAAA 2001:db8::1",
    "alias.example.com CNAME Home.example.com",
    "twice.example.com CNAME alias.example.com.",
    "away.example.com CNAME example.org",
    "lost.example.com CNAME gone.example.com",
    "empty.example.com CNAME example.com",
    "loop1.example.com CNAME loop2.example.com",
    "loop2.example.com CNAME loop1.example.com",
    "self.example.com CNAME self.example.com",
    "*.wild.example.com CNAME home.example.com",
    "a.deep.example.com A 192.0.2.5",
  ]);
  const soa = "(example.com. SOA 900)";
  const alias = "alias.example.com. CNAME Home.example.com";
  const cases: readonly (readonly [string, string, string])[] = [
    ["home.example.com", "A", "NOERROR | AA | home.example.com. A 192.0.2.1"],
    ["home.example.com", "TXT", `NOERROR | AA | ${soa}`],
    ["home.example.com", "OTHER", `NOERROR | AA | ${soa}`],
    ["gone.example.com", "A", `NXDOMAIN | AA | ${soa}`],
    ["deep.example.com", "A", `NOERROR | AA | ${soa}`],
    ["x.home.example.com", "A", `NXDOMAIN | AA | ${soa}`],
    ["example.com", "NS", "NOERROR | AA | example.com. NS ns.test."],
    ["alias.example.com", "A", `NOERROR | AA | ${alias} | home.example.com. A 192.0.2.1`],
    ["alias.example.com", "CNAME", `NOERROR | AA | ${alias}`],
    ["alias.example.com", "TXT", `NOERROR | AA | ${alias} | ${soa}`],
    [
      "twice.example.com",
      "AAAA",
      `NOERROR | AA | twice.example.com. CNAME alias.example.com. | ${alias} | home.example.com. AAAA 2001:db8::1`,
    ],
    ["away.example.com", "A", "NOERROR | AA | away.example.com. CNAME example.org"],
    ["lost.example.com", "A", `NXDOMAIN | AA | lost.example.com. CNAME gone.example.com | ${soa}`],
    ["empty.example.com", "A", `NOERROR | AA | empty.example.com. CNAME example.com | ${soa}`],
    [
      "loop1.example.com",
      "A",
      "NOERROR | AA | loop1.example.com. CNAME loop2.example.com | loop2.example.com. CNAME loop1.example.com",
    ],
    ["self.example.com", "A", "NOERROR | AA | self.example.com. CNAME self.example.com"],
    [
      "x.wild.example.com",
      "A",
      "NOERROR | AA | x.wild.example.com. CNAME home.example.com | home.example.com. A 192.0.2.1",
    ],
    ["home.example.com", "ANY", "NOERROR | AA | home.example.com. A 192.0.2.1"],
    ["alias.example.com", "ANY", `NOERROR | AA | ${alias}`],
    ["gone.example.com", "ANY", `NXDOMAIN | AA | ${soa}`],
  ];
  for (const [name, type, expected] of cases) {
    test(`to ${name} ${type} is right`, () => assert.is(describeAnswer(zone, name, type), expected));
  }

  test("follows no chain of CNAMEs without end", () => {
    const chain = zoneOf(
      "test.",
      Array.from({ length: 40 }, (_, n) => `c${n}.test CNAME c${n + 1}.test`),
    );
    assert.is(answerQuestion(chain, "c0.test.", "A").answers.length, 16);
  });

  test("is refused outside the zones", () =>
    assert.is(describeAnswer(undefined, "example.org", "A"), "REFUSED"));

  test("is believed for the SOA's minimum where that is shorter than its TTL", () => {
    const short = zoneOf("example.com.", ["example.com SOA ns.test. root.test. 1 7200 900 1209600 30"]);
    assert.is(describeAnswer(short, "gone.example.com", "A"), "NXDOMAIN | AA | (example.com. SOA 30)");
  });
});
