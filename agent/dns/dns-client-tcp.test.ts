import type { Socket } from "node:net";
import { type Answer, TRUNCATED_RESPONSE } from "dns-packet";
import { assert, describe } from "../../scripts/describe.ts";
import {
  behindLength,
  type DnsLies,
  type ReceivedQuery,
  respond,
  startDnsLiar,
} from "../../scripts/fixtures/dns-liar.ts";
import { askDns, type DnsOptions } from "./dns-client.ts";

const rr: Answer = { name: "home.example.com", type: "A", data: "1.2.3.4" };
const right = (query: ReceivedQuery) => respond(query, { answers: [rr] });
const truncated = (query: ReceivedQuery) => respond(query, { answers: [rr], flags: TRUNCATED_RESPONSE });
const udp: DnsLies["udp"] = (query, send) => send(truncated(query));

/**
 * What comes of asking a server that answers over TCP so, and over UDP that it would be too long.
 * @param meanwhile what to wait for before the server closes what is still open
 */
async function ask(
  tcp: DnsLies["tcp"],
  options: Partial<DnsOptions> = {},
  meanwhile?: Promise<void>,
): Promise<string> {
  const server = await startDnsLiar({ udp, ...(tcp && { tcp }) });
  const { host, port } = server;
  const defaults = { signal: AbortSignal.timeout(10_000), isRecursionDesired: false };
  const question = { name: "home.example.com", type: "A", class: "IN" } as const;
  const reply = await askDns({ host, port }, question, { ...defaults, ...options });
  await meanwhile;
  await server.close();
  if ("reason" in reply) return reply.reason;
  return [reply.response.rcode, ...reply.response.answers.map(({ text }) => text)].join(" ");
}

describe("askDns over TCP, where the answer is truncated,", (test) => {
  const long = (query: ReceivedQuery, count: number) =>
    behindLength(respond(query, { answers: Array.from({ length: count }, () => rr) }));
  const cases: [string, (query: ReceivedQuery, socket: Socket) => void, string | RegExp][] = [
    ["takes the answer", (query, socket) => socket.write(behindLength(right(query))), "NOERROR 1.2.3.4"],
    ["takes a long answer", (query, socket) => socket.write(long(query, 400)), /^NOERROR( 1\.2\.3\.4){400}$/],
    [
      "does not take one that is too long",
      (query, socket) => socket.write(long(query, 600)),
      "expected at most 16384 bytes, got 19234",
    ],
    [
      "takes an answer that comes byte by byte",
      (query, socket) => {
        const bytes = [...behindLength(right(query))];
        const drip = () => {
          const byte = bytes.shift();
          if (byte !== undefined) socket.write(Buffer.from([byte]), () => setImmediate(drip));
        };
        socket.setNoDelay(true);
        drip();
      },
      "NOERROR 1.2.3.4",
    ],
    [
      "takes the first message, whatever follows",
      (query, socket) => {
        const more = Buffer.alloc(100_000, 1);
        socket.write(Buffer.concat([behindLength(right(query)), more]));
      },
      "NOERROR 1.2.3.4",
    ],
    [
      "does not take an answer to something else",
      (query, socket) =>
        socket.write(behindLength(respond(query, { answers: [rr], id: 1 ^ (query.packet.id ?? 0) }))),
      "the answer is to another question",
    ],
    [
      "does not take one that is truncated again",
      (query, socket) => socket.write(behindLength(truncated(query))),
      "the answer is truncated even over TCP",
    ],
    [
      "does not take what is none",
      (query, socket) => socket.write(behindLength(right(query).subarray(0, -1))),
      "expected a DNS message, got something else",
    ],
    [
      "does not take an empty message",
      (_, socket) => socket.write(Buffer.alloc(2)),
      "the answer is to another question",
    ],
    [
      "says that the connection ended in the middle",
      (query, socket) => socket.end(behindLength(right(query)).subarray(0, 20)),
      "the connection ended before the answer",
    ],
    [
      "says that the connection ended at once",
      (_, socket) => socket.resetAndDestroy(),
      /^read ECONNRESET$|^the connection ended before the answer$/,
    ],
  ];
  for (const [name, tcp, expected] of cases) {
    test(name, async () => {
      const found = await ask(tcp);
      if (typeof expected === "string") assert.is(found, expected);
      else assert.match(found, expected);
    });
  }

  test("asks from the local address that is given", async () => {
    const asked: string[] = [];
    const tcp: DnsLies["tcp"] = (query, socket) => {
      asked.push(query.from.address);
      socket.write(behindLength(right(query)));
    };
    assert.is(await ask(tcp, { localAddress: "127.0.0.9" }), "NOERROR 1.2.3.4");
    assert.equal(asked, ["127.0.0.9"]);
  });

  test("gives up at the signal in the middle of an answer, and closes the connection", async () => {
    const abort = new AbortController();
    const closed = Promise.withResolvers<void>();
    const tcp: DnsLies["tcp"] = (query, socket) => {
      socket.on("close", () => closed.resolve());
      socket.write(behindLength(right(query)).subarray(0, 20), () => abort.abort());
    };
    assert.is(await ask(tcp, { signal: abort.signal }, closed.promise), "no answer in time");
  });
});
