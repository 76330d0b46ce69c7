import { createSocket } from "node:dgram";
import { getEventListeners } from "node:events";
import type { Answer } from "dns-packet";
import { assert, describe } from "../../scripts/describe.ts";
import {
  type DnsLiar,
  type DnsLies,
  type ReceivedQuery,
  respond,
  startDnsLiar,
} from "../../scripts/fixtures/dns-liar.ts";
import { askDns, type DnsOptions, type DnsReply } from "./dns-client.ts";
import type { DnsQuestion } from "./dns-message.ts";

const question: DnsQuestion = { name: "home.example.com", type: "A", class: "IN" };
const rr = (data: string): Answer => ({ name: "home.example.com", type: "A", data });
const right = (query: ReceivedQuery) => respond(query, { answers: [rr("1.2.3.4")] });
const wrong = { answers: [rr("6.6.6.6")] };

function told(reply: DnsReply): string {
  if ("reason" in reply) return reply.reason;
  return [reply.response.rcode, ...reply.response.answers.map(({ text }) => text)].join(" ");
}

async function ask(server: DnsLiar, options: Partial<DnsOptions> = {}): Promise<string> {
  const { host, port } = server;
  const defaults = { signal: AbortSignal.timeout(10_000), isRecursionDesired: false };
  return told(await askDns({ host, port }, question, { ...defaults, ...options }));
}

/** What comes of asking a server that answers so. */
async function askLiar(lies: DnsLies, options?: Partial<DnsOptions>): Promise<string> {
  const server = await startDnsLiar(lies);
  try {
    return await ask(server, options);
  } finally {
    await server.close();
  }
}

describe("askDns over UDP", (test) => {
  type Send = (message: Buffer) => void;
  const other: NonNullable<Parameters<typeof respond>[1]>["questions"] = [
    { name: "home.example.org", type: "A", class: "IN" },
  ];
  const cases: [string, (query: ReceivedQuery, send: Send) => void, string][] = [
    ["takes the answer", (query, send) => send(right(query)), "NOERROR 1.2.3.4"],
    ["takes no as an answer", (query, send) => send(respond(query, { rcode: 3 })), "NXDOMAIN"],
    [
      "takes an answer in other letters",
      (query, send) => send(respond(upper(query), wrong)),
      "NOERROR 6.6.6.6",
    ],
    [
      "passes over what is forged, and takes the right answer behind it",
      (query, send) => {
        const id = ((query.packet.id ?? 0) + 1) & 0xffff;
        send(respond(query, { ...wrong, id }));
        send(respond(query, { ...wrong, questions: other }));
        send(respond(query, { ...wrong, questions: [] }));
        send(Buffer.alloc(0));
        send(Buffer.from("hello"));
        send(right(query));
      },
      "NOERROR 1.2.3.4",
    ],
    [
      "does not take an answer that it cannot read to its end",
      (query, send) => send(right(query).subarray(0, -1)),
      "expected a DNS message, got something else",
    ],
    [
      "does not take an answer that is too long for a datagram",
      (query, send) => send(respond(query, { answers: Array.from({ length: 40 }, () => rr("1.2.3.4")) })),
      "expected at most 512 bytes, got 1314",
    ],
  ];
  for (const [name, udp, expected] of cases) {
    test(name, async () => assert.is(await askLiar({ udp }), expected));
  }

  test("passes over a right answer from another port", async () => {
    const elsewhere = createSocket("udp4");
    const udp: DnsLies["udp"] = (query, send) => {
      elsewhere.send(respond(query, wrong), query.from.port, query.from.address, () => send(right(query)));
    };
    assert.is(await askLiar({ udp }), "NOERROR 1.2.3.4");
    elsewhere.close();
  });

  test("sends the query again while no answer comes, from the same port with the same id", async () => {
    const queries: ReceivedQuery[] = [];
    const udp: DnsLies["udp"] = (query, send) => {
      if (queries.push(query) === 3) send(right(query));
    };
    assert.is(await askLiar({ udp }, { resendMs: 1 }), "NOERROR 1.2.3.4");
    const [first, ...rest] = queries.map(({ packet, from }) => `${packet.id} ${from.port}`);
    assert.ok(rest.length >= 2 && rest.every((query) => query === first));
  });

  test("asks with another id and from another port every time, with the flag as told", async () => {
    const server = await startDnsLiar({ udp: (query, send) => send(right(query)) });
    for (let count = 0; count < 8; count += 1) await ask(server, { isRecursionDesired: count === 0 });
    const { received } = server;
    await server.close();
    assert.ok(new Set(received.map(({ packet }) => packet.id)).size > 6);
    assert.ok(new Set(received.map(({ from }) => from.port)).size > 6);
    assert.equal(
      received.map(({ packet }) => packet.flag_rd),
      [true, false, false, false, false, false, false, false],
    );
  });

  test("asks from the local address that is given", async () => {
    const server = await startDnsLiar({ udp: (query, send) => send(right(query)) });
    assert.is(await ask(server, { localAddress: "127.0.0.9" }), "NOERROR 1.2.3.4");
    assert.is(await ask(server, { localAddress: "203.0.113.9" }), "bind EADDRNOTAVAIL 203.0.113.9");
    assert.equal(
      server.received.map(({ from }) => from.address),
      ["127.0.0.9"],
    );
    await server.close();
  });

  test("asks by IPv6", async () => {
    assert.is(await askLiar({ host: "::1", udp: (query, send) => send(right(query)) }), "NOERROR 1.2.3.4");
  });

  test("says that nobody listens", async () => {
    const server = await startDnsLiar({ udp: () => undefined });
    await server.close();
    assert.is(await ask(server), `connect ECONNREFUSED 127.0.0.1:${server.port}`);
  });

  test("gives up at the signal, closes the socket, and survives an answer that comes after", async () => {
    const abort = new AbortController();
    let late = () => {};
    const server = await startDnsLiar({
      udp: (query, send) => {
        late = () => send(right(query));
        abort.abort();
      },
    });
    assert.is(await ask(server, { signal: abort.signal, resendMs: 1 }), "no answer in time");
    late();
    // The port is closed: whoever sends there is told so.
    const { from } = server.received[0] ?? { from: { port: 0, address: "" } };
    assert.is(await untilRefused(from.port), "ECONNREFUSED");
    await server.close();
  });

  test("asks nobody where the signal has already come", async () => {
    const server = await startDnsLiar({ udp: (query, send) => send(right(query)) });
    assert.is(await ask(server, { signal: AbortSignal.abort() }), "no answer in time");
    assert.is(await ask(server), "NOERROR 1.2.3.4");
    assert.is(server.received.length, 1);
    await server.close();
  });

  test("leaves nothing on the signal behind", async () => {
    const { signal } = new AbortController();
    let during = 0;
    const udp: DnsLies["udp"] = (query, send) => {
      during = getEventListeners(signal, "abort").length;
      send(right(query));
    };
    await askLiar({ udp }, { signal });
    assert.equal([during, getEventListeners(signal, "abort").length], [1, 0]);
  });
});

/** The same query, its question in capital letters. */
function upper(query: ReceivedQuery): ReceivedQuery {
  const questions = (query.packet.questions ?? []).map((asked) => ({
    ...asked,
    name: asked.name.toUpperCase(),
  }));
  return { ...query, packet: { ...query.packet, questions } };
}

/** Sends to a port of this machine until the kernel says that nobody has it. */
function untilRefused(port: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = createSocket("udp4");
  const timer = setInterval(() => socket.send(Buffer.from("?")), 5);
  socket.on("connect", () => socket.send(Buffer.from("?")));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    clearInterval(timer);
    socket.close();
    resolve(error.code);
  });
  socket.connect(port, "127.0.0.1");
  return promise;
}
