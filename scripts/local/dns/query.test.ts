import { createSocket } from "node:dgram";
import { once } from "node:events";
import { encode, type Packet } from "dns-packet";
import { assert, describe } from "../../describe.ts";
import { queryDns } from "./query.ts";

/** Asks a server that answers as told, given the id of the query; never where told nothing. */
async function ask(answer: (id: number) => Packet | undefined): Promise<unknown> {
  const server = createSocket("udp4");
  server.on("message", (message, { port }) => {
    const packet = answer(message.readUInt16BE(0));
    if (packet) server.send(encode({ type: "response", ...packet }), port, "127.0.0.1");
  });
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  const question = {
    host: "127.0.0.1",
    port: server.address().port,
    name: "A.example.com.",
    type: "A" as const,
  };
  const outcome = await queryDns({ ...question, timeoutMs: 200 }).catch((error: Error) => error.message);
  server.close();
  await once(server, "close");
  return typeof outcome === "string"
    ? outcome.replace(/127\.0\.0\.1:\d+/g, "SERVER").replace(/\b\d{1,5}\b/g, "ID")
    : outcome;
}

describe("a DNS query", (test) => {
  const questions = [{ name: "A.example.com", type: "A" as const }];
  const other = "DNS query A.example.com. A: expected the answer to query ID, got that to ID";

  test("takes the answer to itself, with a name that ends in a dot", async () => {
    const answer = await ask((id) => ({
      id,
      flags: 1 << 10,
      questions,
      answers: [{ name: "a.example.com", type: "A", ttl: 5, data: "192.0.2.1" }],
    }));
    assert.equal(answer, {
      rcode: "NOERROR",
      isAuthoritative: true,
      isRecursionAvailable: false,
      transport: "udp",
      values: ["192.0.2.1"],
      answers: [{ name: "a.example.com", type: "A", ttlSeconds: 5, value: "192.0.2.1" }],
      authorities: [],
    });
  });

  const lies: readonly (readonly [string, (id: number) => Packet | undefined, string])[] = [
    ["another id", (id) => ({ id: id ^ 1, questions }), `${other} A.example.com A`],
    [
      "another case",
      (id) => ({ id, questions: [{ name: "a.example.com", type: "A" }] }),
      `${other} a.example.com A`,
    ],
    [
      "another type",
      (id) => ({ id, questions: [{ name: "A.example.com", type: "AAAA" }] }),
      `${other} A.example.com AAAA`,
    ],
    ["nothing", () => undefined, "DNS server SERVER: expected an answer over UDP within ID ms, got none"],
    [
      "TC and no TCP",
      (id) => ({ id, flags: 1 << 9, questions }),
      "DNS server SERVER: expected an answer over TCP within ID ms, got connect ECONNREFUSED SERVER",
    ],
  ];
  for (const [title, answer, message] of lies) {
    test(`fails for ${title}`, async () => assert.is(String(await ask(answer)), message));
  }
});
