import type { Answer as Rr } from "dns-packet";
import type { Family } from "../../lambda/contract/address.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { type Lie, respond, startDnsLiar } from "../../scripts/fixtures/dns-liar.ts";
import { askDnsEcho } from "./dns-echo.ts";

interface Question {
  readonly path: string;
  readonly family?: Family;
  readonly host?: string;
}

const signal = () => AbortSignal.timeout(10_000);

/** What the answer of a server that lies so is taken for: an address, or the reason why not. */
async function ask({ path, family = "ipv4", host = "127.0.0.1" }: Question, lie: Lie): Promise<string> {
  const server = await startDnsLiar({ host, udp: (query, send) => send(respond(query, lie)) });
  const url = new URL(`dns://${host.includes(":") ? `[${host}]` : host}:${server.port}/${path}`);
  const answer = await askDnsEcho(url, family, { signal: signal() });
  await server.close();
  assert.is(answer.from, url.host);
  return answer.state === "known" ? answer.address.text : answer.reason;
}

const a = (data: string): Rr => ({ name: "myip.opendns.com", type: "A", data });
const txt = (...data: string[]): Rr => ({ name: "whoami.cloudflare", type: "TXT", class: "CH", data });

describe("askDnsEcho", (test) => {
  const byA = { path: "myip.opendns.com?type=A" };
  const byTxt = { path: "whoami.cloudflare?type=TXT;class=CH" };
  const cases: [string, Question, Lie, string][] = [
    ["an address", byA, { answers: [a("1.2.3.4")] }, "1.2.3.4"],
    ["a text", byTxt, { answers: [txt("1.2.3.4")] }, "1.2.3.4"],
    ["a text in pieces", byTxt, { answers: [txt("1.2.", "3.4")] }, "1.2.3.4"],
    ["the same address twice", byA, { answers: [a("1.2.3.4"), a("1.2.3.4")] }, "1.2.3.4"],
    [
      "two addresses",
      byA,
      { answers: [a("1.2.3.4"), a("8.8.8.8")] },
      "the server answers with several A records",
    ],
    ["no address", byA, {}, "the server answers with no A record"],
    [
      "the address of another name",
      byA,
      { answers: [{ name: "opendns.com", type: "A", data: "1.2.3.4" }] },
      "the server answers with no A record",
    ],
    [
      "a record of another type",
      byA,
      { answers: [{ name: "myip.opendns.com", type: "TXT", data: "1.2.3.4" }] },
      "the server answers with no A record",
    ],
    ["that there is no such name", byA, { rcode: 3 }, "the server answers NXDOMAIN"],
    ["a refusal", byA, { rcode: 5, answers: [a("1.2.3.4")] }, "the server answers REFUSED"],
    [
      "a text that is no address",
      byTxt,
      { answers: [txt("hello\n")] },
      'expected an address, got "hello\\n"',
    ],
    ["a text of nothing", byTxt, { answers: [txt("")] }, 'expected an address, got ""'],
    [
      "an address of the other family",
      byTxt,
      { answers: [txt("2600::1")] },
      "expected an ipv4 address, got 2600::1",
    ],
    [
      "the address of a resolver of one's own",
      byA,
      { answers: [a("192.168.1.1")] },
      "192.168.1.1 is not public: 192.168.0.0/16 is private use (RFC 1918), it only exists inside a private network, so the Internet cannot reach it",
    ],
    [
      "an IPv6 address, asked by IPv6",
      { path: "myip.opendns.com?type=AAAA", family: "ipv6", host: "::1" },
      { answers: [{ name: "myip.opendns.com", type: "AAAA", data: "2600:0:0::1" }] },
      "2600::1",
    ],
  ];
  for (const [name, question, lie, expected] of cases) {
    test(`understands ${name}`, async () => assert.is(await ask(question, lie), expected));
  }

  const askNobody = async (url: string, family: Family) => {
    const answer = await askDnsEcho(new URL(url), family, { signal: signal() });
    return answer.state === "unavailable" && answer.reason;
  };
  test("does not ask a server by the other family that its URL names", async () => {
    assert.is(await askNobody("dns://127.0.0.1:1/x.example", "ipv6"), "the URL names an ipv4 server");
    assert.is(await askNobody("dns://[::1]:1/x.example", "ipv4"), "the URL names an ipv6 server");
  });
  test("says what URL it expects", async () => {
    assert.is(
      await askNobody("dns://resolver.example/x.example", "ipv4"),
      "expected a URL such as dns://208.67.222.222/myip.opendns.com?type=A",
    );
  });
  test("says that nobody listens", async () => {
    const server = await startDnsLiar({ udp: () => undefined });
    await server.close();
    assert.is(
      await askNobody(`dns://127.0.0.1:${server.port}/x.example`, "ipv4"),
      `connect ECONNREFUSED 127.0.0.1:${server.port}`,
    );
  });

  test("asks from the local address that is given, for recursion", async () => {
    const server = await startDnsLiar({ udp: (query, send) => send(respond(query)) });
    const url = new URL(`dns://127.0.0.1:${server.port}/x.example`);
    await askDnsEcho(url, "ipv4", { signal: signal(), localAddress: "127.0.0.9" });
    const [query] = server.received;
    assert.is(query?.from.address, "127.0.0.9");
    assert.is(query?.packet.flag_rd, true);
    await server.close();
  });

  test("gives up at the signal where the server is silent", async () => {
    const abort = new AbortController();
    const server = await startDnsLiar({ udp: () => abort.abort() });
    const url = new URL(`dns://127.0.0.1:${server.port}/x.example`);
    assert.equal(await askDnsEcho(url, "ipv4", { signal: abort.signal }), {
      from: `127.0.0.1:${server.port}`,
      state: "unavailable",
      reason: "no answer in time",
    });
    await server.close();
  });
});
