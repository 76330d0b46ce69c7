import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { respond, startDnsLiar } from "../../scripts/fixtures/dns-liar.ts";
import { startDnsServer } from "../../scripts/local/dns/server.ts";
import { createStore, submitChangeBatch } from "../../scripts/local/route53/store.ts";
import type { ServerAddress } from "../config/value-kinds.ts";
import { askNameServers } from "./ask-name-servers.ts";
import { describeAuthoritativeAnswer, type NameAndFamily } from "./authoritative-answer.ts";

const home: NameAndFamily = { fqdn: parseFqdn("home.example.com"), family: "ipv4" };
const signal = () => AbortSignal.timeout(10_000);
const at = ({ host, port }: ServerAddress): ServerAddress => ({ host, port });

/** What one server at these addresses says, in a few words. */
async function ask(addresses: readonly ServerAddress[], asked = home, limit = signal()): Promise<string> {
  const [answer] = await askNameServers([{ name: "ns", addresses: addresses.map(at) }], asked, limit);
  return answer ? describeAuthoritativeAnswer(answer) : "";
}

/** A port of the loopback where nobody listens. */
async function deserted(): Promise<ServerAddress> {
  const server = await startDnsLiar({ udp: () => undefined });
  await server.close();
  return at(server);
}

describe("askNameServers", (test) => {
  test("hears what a name server has of a name, of a wildcard, and of a name outside its zones", async () => {
    const store = createStore([{ name: "example.com", id: "Z1" }]);
    const upsert = (Name: string, Type: "A" | "AAAA" | "CNAME", Value: string) => ({
      Action: "UPSERT" as const,
      ResourceRecordSet: { Name, Type, TTL: 60, ResourceRecords: [{ Value }] },
    });
    const Changes = [
      upsert("home.example.com", "A", "1.2.3.4"),
      upsert("home.example.com", "AAAA", "2600:0:0:0::1"),
      upsert("*.example.com", "A", "8.8.8.8"),
      upsert("alias.example.com", "CNAME", "home.example.com"),
    ];
    submitChangeBatch(store, { id: "Z1", changeBatch: { Changes }, nowMs: 0 });
    const server = await startDnsServer({ store });
    const told: Record<string, string> = {};
    for (const name of ["home.example.com", "*.example.com", "alias.example.com", "home.example.org"]) {
      told[name] = await ask([server], { fqdn: parseFqdn(name), family: "ipv4" });
    }
    assert.equal(told, {
      "home.example.com": "1.2.3.4",
      "*.example.com": "8.8.8.8",
      "alias.example.com": "the name is an alias of home.example.com",
      "home.example.org": "it answers REFUSED",
    });
    assert.is(await ask([server], { ...home, family: "ipv6" }), "2600::1");
    assert.is(await ask([server], { fqdn: parseFqdn("*.example.com"), family: "ipv6" }), "no such record");
    await server.close();
  });

  test("asks for what the server has itself, without recursion", async () => {
    const cache = await startDnsLiar({
      udp: (query, send) => send(respond(query, { isAuthoritative: false })),
    });
    assert.is(await ask([cache]), "it is not authoritative for the name");
    assert.equal(
      cache.received.map(({ packet }) => packet.flag_rd),
      [false],
    );
    await cache.close();
  });

  test("goes on to the next address of a server that it cannot reach, and no further", async () => {
    const first = await startDnsLiar({ udp: (query, send) => send(respond(query, { rcode: 3 })) });
    const second = await startDnsLiar({ udp: (query, send) => send(respond(query)) });
    assert.is(await ask([await deserted(), first, second]), "no such record");
    assert.equal([first.received.length, second.received.length], [1, 0]);
    await Promise.all([first.close(), second.close()]);
  });

  test("tells of every address why it does not answer", async () => {
    const [one, two] = [await deserted(), { host: "::1", port: (await deserted()).port }];
    assert.is(await ask([one]), `connect ECONNREFUSED 127.0.0.1:${one.port}`);
    assert.is(
      await ask([one, two]),
      `127.0.0.1: connect ECONNREFUSED 127.0.0.1:${one.port}; ::1: connect ECONNREFUSED ::1:${two.port}`,
    );
  });

  test("asks all servers at once, and tells of each by its name and in their order", async () => {
    // Neither answers before the other is asked.
    let asked = 0;
    const bothAsked = Promise.withResolvers<void>();
    const start = (rcode: number) =>
      startDnsLiar({
        udp: (query, send) => {
          asked += 1;
          if (asked === 2) bothAsked.resolve();
          void bothAsked.promise.then(() => send(respond(query, { rcode })));
        },
      });
    const liars = await Promise.all([start(5), start(3)]);
    const servers = liars.map((liar, index) => ({ name: `ns-${index}`, addresses: [at(liar)] }));
    assert.equal(await askNameServers(servers, home, signal()), [
      { server: "ns-0", state: "unavailable", reason: "it answers REFUSED" },
      { server: "ns-1", state: "absent" },
    ]);
    await Promise.all(liars.map((liar) => liar.close()));
  });

  test("gives up at the signal, without trying a further address", async () => {
    const abort = new AbortController();
    const silent = await startDnsLiar({ udp: () => abort.abort() });
    const other = await startDnsLiar({ udp: () => undefined });
    assert.is(await ask([silent, other], home, abort.signal), "127.0.0.1: no answer in time");
    assert.is(other.received.length, 0);
    await Promise.all([silent.close(), other.close()]);
  });
});
