import type { Answer } from "dns-packet";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { type DnsLiar, type ReceivedQuery, respond, startDnsLiar } from "../../scripts/fixtures/dns-liar.ts";
import { type Authority, findAuthority } from "./authority.ts";

const ns = (name: string, data: string): Answer => ({ name, type: "NS", data });
const soa = (name: string): Answer => ({ name, type: "SOA", data: { mname: name, rname: name } });
const a = (name: string, data: string): Answer => ({ name, type: "A", data });
const aaaa = (name: string, data: string): Answer => ({ name, type: "AAAA", data });

/** What the resolver of these tests knows. */
const known: readonly Answer[] = [
  ns("com", "a.gtld.test"),
  soa("com"),
  a("a.gtld.test", "192.0.2.99"),
  soa("example.com"),
  ns("example.com", "ns-2.test"),
  ns("example.com", "ns-1.test"),
  a("ns-1.test", "192.0.2.1"),
  aaaa("ns-1.test", "2001:db8::1"),
  a("ns-2.test", "192.0.2.2"),
  // A delegation to nobody.
  ns("lame.example.com", "ns-3.test"),
  // A zone below another.
  soa("sub.example.com"),
  ns("sub.example.com", "ns-1.test"),
  // Name servers of which some, or all, are nowhere.
  soa("half.example"),
  ns("half.example", "ns-1.test"),
  ns("half.example", "gone.test"),
  ns("half.example", "broken.test"),
  soa("nowhere.example"),
  ns("nowhere.example", "gone.test"),
];

/** Response codes by name: SERVFAIL and REFUSED. */
const failing: Readonly<Record<string, number>> = { "broken.test": 2, "broken.example.com": 5 };

/** As a resolver does, it answers for the target where a name is an alias. */
function answer(query: ReceivedQuery): Buffer {
  const rcode = failing[query.name];
  if (rcode !== undefined) return respond(query, { rcode });
  if (query.name === "alias.example.com") {
    const cname: Answer = { name: query.name, type: "CNAME", data: "half.example" };
    return respond(query, { answers: [cname, ...found("half.example", query.type)], isAuthoritative: false });
  }
  const answers = found(query.name, query.type);
  const isName = known.some((rr) => rr.name === query.name || rr.name.endsWith(`.${query.name}`));
  return respond(query, { answers, rcode: isName ? 0 : 3, isAuthoritative: false });
}

const found = (name: string, type: string) => known.filter((rr) => rr.name === name && rr.type === type);

function told(authority: Authority): string {
  if (authority.state === "unavailable") return authority.reason;
  const { zone, servers, problems } = authority;
  const places = servers.map(({ name, addresses }) => {
    return [name, ...addresses.map(({ host, port }) => `${host}#${port}`)].join(" ");
  });
  return [`${zone}:`, [...places, ...problems.map((problem) => `(${problem})`)].join(", ")].join(" ");
}

const signal = () => AbortSignal.timeout(20_000);
const first = "ns-1.test 192.0.2.1#53 2001:db8::1#53";
const both = `${first}, ns-2.test 192.0.2.2#53`;

describe("findAuthority", (test) => {
  let resolver: DnsLiar;
  test.before(async () => {
    resolver = await startDnsLiar({ udp: (query, send) => send(answer(query)) });
  });
  test.after(() => resolver.close());

  const cases: [string, string, string][] = [
    ["the apex itself", "example.com", `example.com: ${both}`],
    ["a name in the zone", "home.example.com", `example.com: ${both}`],
    ["a name that does not exist, some levels down", "a.b.c.example.com", `example.com: ${both}`],
    ["a zone below another", "home.sub.example.com", `sub.example.com: ${first}`],
    ["a wildcard", "*.sub.example.com", `sub.example.com: ${first}`],
    ["a delegation without a zone", "lame.example.com", `example.com: ${both}`],
    ["an alias of the apex of another zone", "alias.example.com", `example.com: ${both}`],
    [
      "a zone whose name servers are not all to be found",
      "half.example",
      `half.example: ${first}, (broken.test: queryA ESERVFAIL broken.test), (gone.test has no address)`,
    ],
    [
      "a zone whose name servers are nowhere",
      "home.nowhere.example",
      "the name servers of nowhere.example are nowhere: gone.test has no address",
    ],
    [
      "a domain that is not delegated",
      "home.unknown.com",
      "the resolver knows of no zone that holds home.unknown.com",
    ],
    [
      "a resolver that refuses",
      "home.broken.example.com",
      "the resolver fails: queryNs EREFUSED broken.example.com",
    ],
  ];
  for (const [name, fqdn, expected] of cases) {
    test(`finds the servers for ${name}`, async () => {
      const options = { signal: signal(), resolvers: [resolver] };
      assert.is(told(await findAuthority(parseFqdn(fqdn), options)), expected);
    });
  }

  test("asks for no name servers of a top-level domain or a wildcard", async () => {
    const before = resolver.received.length;
    await findAuthority(parseFqdn("*.unknown.com"), { signal: signal(), resolvers: [resolver] });
    const asked = resolver.received.slice(before).map(({ name, type }) => `${name} ${type}`);
    assert.equal(asked, ["unknown.com NS"]);
  });

  test("takes the servers that are given, and asks nobody", async () => {
    const before = resolver.received.length;
    const nameServers = [
      { host: "192.0.2.7", port: 53 },
      { host: "2001:db8::7", port: 5353 },
    ];
    const options = { signal: signal(), resolvers: [resolver], nameServers };
    assert.is(
      told(await findAuthority(parseFqdn("home.example.com"), options)),
      "undefined: 192.0.2.7 192.0.2.7#53, [2001:db8::7]:5353 2001:db8::7#5353",
    );
    assert.is(resolver.received.length, before);
  });

  test("gives up at the signal where the resolver is silent", async () => {
    for (const silentAt of ["example.com NS", "ns-1.test A"]) {
      const abort = new AbortController();
      const silent = await startDnsLiar({
        udp: (query, send) => {
          if (`${query.name} ${query.type}` === silentAt) abort.abort();
          else send(answer(query));
        },
      });
      const options = { signal: abort.signal, resolvers: [silent] };
      assert.is(told(await findAuthority(parseFqdn("example.com"), options)), "no answer in time");
      // A query that nobody has cancelled would be sent again.
      assert.is(silent.received.filter(({ name, type }) => `${name} ${type}` === silentAt).length, 1);
      await silent.close();
    }
  });

  test("asks nobody where the signal has already come", async () => {
    const before = resolver.received.length;
    const options = { signal: AbortSignal.abort(), resolvers: [resolver] };
    assert.is(told(await findAuthority(parseFqdn("example.com"), options)), "no answer in time");
    assert.is(resolver.received.length, before);
  });
});
