import { Resolver } from "node:dns/promises";
import type { RecordType } from "dns-packet";
import { assert, describe } from "../../describe.ts";
import { createStore, type Route53Store, submitChangeBatch } from "../route53/store.ts";
import { queryDns } from "./query.ts";
import { type DnsServer, type DnsServerOptions, startDnsServer } from "./server.ts";

/** Lines of `NAME TYPE VALUE,VALUE`. */
function put(store: Route53Store, lines: readonly string[], nowMs = 0): void {
  const Changes = lines.map((line) => {
    const [Name, type, ...rest] = line.split(" ");
    const ResourceRecords = rest
      .join(" ")
      .split(",")
      .map((Value) => ({ Value }));
    return {
      Action: "UPSERT" as const,
      ResourceRecordSet: { Name, Type: type as "A", TTL: 60, ResourceRecords },
    };
  });
  submitChangeBatch(store, { id: "Z1", changeBatch: { Changes }, nowMs });
}

async function withServer(
  { lines = [], ...options }: Partial<DnsServerOptions> & { lines?: readonly string[] },
  run: (server: DnsServer) => Promise<void>,
): Promise<void> {
  const store = options.store ?? createStore([{ name: "example.com", id: "Z1" }]);
  if (lines.length > 0) put(store, lines);
  const server = await startDnsServer({ ...options, store });
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

const LINES = [
  "home.example.com A 192.0.2.1,192.0.2.2",
  "home.example.com AAAA 2001:db8::1,::ffff:192.0.2.1",
  String.raw`home.example.com TXT "one" "t\"wo","caf\303\251"`,
  "alias.example.com CNAME Target.Example.com",
  "target.example.com A 192.0.2.3",
  "*.wild.example.com A 192.0.2.4",
];

describe("the local DNS server", (test) => {
  for (const tcp of [false, true]) {
    test(`answers over ${tcp ? "TCP" : "UDP"} with authority and no recursion`, async () => {
      await withServer({ lines: LINES }, async (server) => {
        const answer = await queryDns({ ...server, name: "home.example.com", type: "A", tcp });
        assert.equal(answer, {
          rcode: "NOERROR",
          isAuthoritative: true,
          isRecursionAvailable: false,
          transport: tcp ? "tcp" : "udp",
          values: ["192.0.2.1", "192.0.2.2"],
          answers: ["192.0.2.1", "192.0.2.2"].map((value) => ({
            name: "home.example.com",
            type: "A",
            ttlSeconds: 60,
            value,
          })),
          authorities: [],
        });
      });
    });
  }

  test("answers every type it has, wildcards, aliases and nothing", async () => {
    await withServer({ lines: LINES }, async (server) => {
      const ask = async (name: string, type: RecordType) => {
        const { rcode, answers, authorities } = await queryDns({ ...server, name, type });
        const text = (records: typeof answers) =>
          records.map((record) => `${record.name} ${record.type} ${record.value}`);
        return [rcode, ...text(answers), ...text(authorities).map((line) => `(${line})`)];
      };
      const soa = "example.com SOA ns-1.awsdns.test awsdns-hostmaster.amazon.com 1 7200 900 1209600 86400";
      assert.equal(await ask("home.example.com", "AAAA"), [
        "NOERROR",
        "home.example.com AAAA 2001:db8::1",
        "home.example.com AAAA ::ffff:c000:201",
      ]);
      assert.equal(await ask("home.example.com", "TXT"), [
        "NOERROR",
        'home.example.com TXT onet"wo',
        "home.example.com TXT café",
      ]);
      assert.equal(await ask("alias.example.com", "A"), [
        "NOERROR",
        "alias.example.com CNAME target.example.com",
        "target.example.com A 192.0.2.3",
      ]);
      assert.equal(await ask("any.wild.example.com", "A"), ["NOERROR", "any.wild.example.com A 192.0.2.4"]);
      assert.equal(await ask("example.com", "SOA"), ["NOERROR", soa]);
      assert.is((await ask("example.com", "NS")).length, 5);
      assert.equal(await ask("home.example.com", "MX"), ["NOERROR", `(${soa})`]);
      assert.equal(await ask("gone.example.com", "A"), ["NXDOMAIN", `(${soa})`]);
      assert.equal(await ask("example.org", "A"), ["REFUSED"]);
    });
  });

  test("gives back the case of the question, in the answer too", async () => {
    await withServer({ lines: LINES }, async (server) => {
      for (const name of ["hOMe.eXaMpLE.cOm", "AnY.WILD.example.COM"]) {
        const { answers } = await queryDns({ ...server, name, type: "A" });
        assert.is(answers[0]?.name, name);
      }
    });
  });

  test("satisfies node's own resolver", async () => {
    await withServer({ lines: LINES }, async ({ host, port }) => {
      const resolver = new Resolver({ timeout: 2_000, tries: 1 });
      resolver.setServers([`${host}:${port}`]);
      assert.equal(await resolver.resolve4("home.example.com", { ttl: true }), [
        { address: "192.0.2.1", ttl: 60 },
        { address: "192.0.2.2", ttl: 60 },
      ]);
      assert.equal(await resolver.resolve6("home.example.com"), ["2001:db8::1", "::ffff:192.0.2.1"]);
      const texts = (await resolver.resolveTxt("home.example.com")).map((strings) => strings.join("|"));
      // Node reads the bytes of a TXT as latin1.
      assert.equal(
        texts.map((text) => Buffer.from(text, "latin1").toString()),
        ['one|t"wo', "café"],
      );
      assert.equal(await resolver.resolve4("alias.example.com"), ["192.0.2.3"]);
      assert.equal(await resolver.resolveCname("alias.example.com"), ["target.example.com"]);
      assert.is((await resolver.resolveSoa("example.com")).minttl, 86_400);
      assert.is((await resolver.resolveNs("example.com")).length, 4);
      await assert.rejects(resolver.resolve4("gone.example.com"), /ENOTFOUND/);
      await assert.rejects(resolver.resolve4("example.com"), /ENODATA/);
      await assert.rejects(resolver.resolve4("example.org"), /EREFUSED/);
    });
  });

  test("shows a change at once, or once it is in sync where told so", async () => {
    let nowMs = 0;
    const now = () => nowMs;
    const store = createStore([{ name: "example.com", id: "Z1" }], 1_000);
    await withServer({ store, now }, async (atOnce) => {
      await withServer({ store, now, visibility: "insync" }, async (inSync) => {
        const ask = async (server: DnsServer) =>
          (await queryDns({ ...server, name: "a.example.com", type: "A" })).values;
        put(store, ["a.example.com A 192.0.2.7"]);
        assert.equal([await ask(atOnce), await ask(inSync)], [["192.0.2.7"], []]);
        nowMs = 1_000;
        assert.equal([await ask(atOnce), await ask(inSync)], [["192.0.2.7"], ["192.0.2.7"]]);
      });
    });
  });
});
