// The DNS server as seen by whoever sends it bytes: sizes, EDNS, what is malformed, and what TCP does to messages.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { decode, type OptAnswer } from "dns-packet";
import fc from "fast-check";
import { assert, describe } from "../../describe.ts";
import { createStore, submitChangeBatch } from "../route53/store.ts";
import { refusal } from "./answer.ts";
import { exchangeOverTcp, exchangeOverUdp, queryDns } from "./query.ts";
import { decodeQuery } from "./request.ts";
import { encodeResponse } from "./response.ts";
import { type DnsServer, startDnsServer } from "./server.ts";

const ID = 0xbeef;
const RD = 0x0100;
const DO = 0x8000;

/** `at` fills 512 bytes to the last, `one` is one too many: 12 header, 18 or 19 question, 16 an address. */
const ADDRESSES = {
  "a.example.com": 1,
  "at.example.com": 30,
  "one.example.com": 30,
  "w\\056\\377.example.com": 2,
  "huge.example.com": 300,
};

async function startWithRecords(): Promise<DnsServer> {
  const store = createStore([{ name: "example.com", id: "Z1" }]);
  const Changes = Object.entries({ ...ADDRESSES, "*.wild.example.com": 1 }).map(([Name, count]) => {
    const ResourceRecords = Array.from({ length: count }, (_, n) => ({
      Value: `192.0.${n >> 8}.${n & 255}`,
    }));
    return {
      Action: "CREATE" as const,
      ResourceRecordSet: { Name, Type: "A" as const, TTL: 60, ResourceRecords },
    };
  });
  submitChangeBatch(store, { id: "Z1", changeBatch: { Changes }, nowMs: 0 });
  return startDnsServer({ store });
}

function uint16s(...fields: number[]): Buffer {
  return Buffer.from(fields.flatMap((field) => [field >> 8, field & 255]));
}

/** A message with any parts and no regard to their sense. */
function message(rest: Buffer, { flags = 0, counts = [1, 0, 0, 0] } = {}): Buffer {
  return Buffer.concat([uint16s(ID, flags, ...counts), rest]);
}

function question(labels: readonly (string | Buffer)[], { type = 1, questionClass = 1 } = {}): Buffer {
  const bytes = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  return Buffer.concat([...bytes, Buffer.from([0]), uint16s(type, questionClass)]);
}

function opt(udpPayloadSize: number, { version = 0, flags = 0 } = {}): Buffer {
  return Buffer.concat([Buffer.from([0]), uint16s(41, udpPayloadSize, version, flags, 0)]);
}

const A = question(["a", "example", "com"]);

function withOpts(label: string, ...opts: Buffer[]): Buffer {
  return message(Buffer.concat([question([label, "example", "com"]), ...opts]), {
    counts: [1, 0, 0, opts.length],
  });
}

/** `RCODE [flags] questions answers authorities additionals`, as dns-packet reads it. */
function summary(response: Buffer): string {
  const packet = decode(response) as ReturnType<typeof decode> & { rcode: string };
  const { flag_aa, flag_tc, flag_rd, flag_ra, questions, answers, authorities, additionals } = packet;
  const flags = [flag_aa && "AA", flag_tc && "TC", flag_rd && "RD", flag_ra && "RA"].filter(Boolean);
  const counts = [questions, answers, authorities, additionals].map((section) => section?.length);
  assert.is(packet.id, ID);
  return `${packet.rcode} [${flags.join(" ")}] ${counts.join(" ")}`;
}

describe("the DNS server, byte by byte,", (test) => {
  let server: DnsServer;
  test.before(async () => {
    server = await startWithRecords();
  });
  test.after(() => server.close());

  const cases: readonly (readonly [string, Buffer, string])[] = [
    ["answers", message(A), "NOERROR [AA] 1 1 0 0"],
    ["gives RD back and never offers recursion", message(A, { flags: RD }), "NOERROR [AA RD] 1 1 0 0"],
    ["fills 512 bytes", withOpts("at"), "NOERROR [AA] 1 30 0 0"],
    ["truncates at 513 bytes", withOpts("one"), "NOERROR [AA TC] 1 0 0 0"],
    ["sends more to whoever takes more", withOpts("one", opt(1_232)), "NOERROR [AA] 1 30 0 1"],
    ["counts the OPT record", withOpts("at", opt(512)), "NOERROR [AA TC] 1 0 0 1"],
    ["takes any size below 512 for 512", withOpts("a", opt(0)), "NOERROR [AA] 1 1 0 1"],
    ["sends at most 4096 bytes over UDP", withOpts("huge", opt(65_535)), "NOERROR [AA TC] 1 0 0 1"],
    [
      "refuses another class",
      message(question(["a", "example", "com"], { questionClass: 3 })),
      "REFUSED [] 1 0 0 0",
    ],
    [
      "finds a name of any bytes",
      message(question([Buffer.from("W.\xff", "latin1"), "example", "com"])),
      "NOERROR [AA] 1 2 0 0",
    ],
    ["makes no zone transfer", message(question(["example", "com"], { type: 252 })), "NOTIMP [] 1 0 0 0"],
    ["takes no update", message(A, { flags: 5 << 11 }), "NOTIMP [] 0 0 0 0"],
    ["refuses no question", message(Buffer.alloc(0), { counts: [0, 0, 0, 0] }), "FORMERR [] 0 0 0 0"],
    ["refuses two questions", message(Buffer.concat([A, A]), { counts: [2, 0, 0, 0] }), "FORMERR [] 0 0 0 0"],
    ["refuses half a question", message(A.subarray(0, -1)), "FORMERR [] 0 0 0 0"],
    ["refuses a name without an end", message(Buffer.from([3, 97])), "FORMERR [] 0 0 0 0"],
    [
      "refuses a pointer into the header",
      message(Buffer.from([0xc0, 4, 0, 1, 0, 1, ...Array(300).fill(0)])),
      "FORMERR [] 0 0 0 0",
    ],
    ["refuses a pointer for a question", message(Buffer.from([0xc0, 12, 0, 1, 0, 1])), "FORMERR [] 0 0 0 0"],
    ["refuses a label of another kind", message(Buffer.from([0x41, 1, 0, 0, 1, 0, 1])), "FORMERR [] 0 0 0 0"],
    ["takes a name of 255 bytes", message(question(Array(127).fill("a"))), "REFUSED [] 1 0 0 0"],
    ["refuses a name of 256 bytes", message(question(["aa", ...Array(126).fill("a")])), "FORMERR [] 0 0 0 0"],
    ["refuses counts that lie", message(A, { counts: [1, 0, 0, 1] }), "FORMERR [] 0 0 0 0"],
    ["refuses two OPT records", withOpts("a", opt(512), opt(512)), "FORMERR [] 0 0 0 0"],
  ];
  for (const [title, bytes, expected] of cases) {
    test(title, async () => assert.is(summary(await exchangeOverUdp(bytes, server)), expected));
  }

  test("speaks EDNS version 0, keeps DO, and says so to a later version", async () => {
    const optOf = async (asked: Buffer) => {
      const { additionals = [] } = decode(await exchangeOverUdp(withOpts("a", asked), server));
      const { udpPayloadSize, ednsVersion, extendedRcode, flag_do } = additionals[0] as OptAnswer;
      return [udpPayloadSize, ednsVersion, extendedRcode, flag_do];
    };
    assert.equal(await optOf(opt(1_232, { flags: DO })), [4_096, 0, 0, true]);
    assert.equal(await optOf(opt(1_232, { version: 1 })), [4_096, 0, 1, false]);
    assert.is(
      summary(await exchangeOverUdp(withOpts("a", opt(512, { version: 1 })), server)),
      "NOERROR [] 1 0 0 1",
    );
  });

  test("sends over TCP what UDP does not hold, to queryDns of itself", async () => {
    const { values, transport } = await queryDns({ ...server, name: "huge.example.com", type: "A" });
    assert.equal([values.length, transport], [300, "tcp"]);
  });

  test("gives back any question byte by byte, and owns any name below a wildcard", async () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 63 }).map((bytes) => Buffer.from(bytes));
    const property = fc.asyncProperty(label, async (bytes) => {
      const asked = question([bytes, "WILD", "example", "com"]);
      const response = await exchangeOverUdp(message(asked), server);
      assert.equal(response.subarray(12, 12 + asked.length), asked);
      // The owner is a pointer to the question.
      assert.equal(response.subarray(12 + asked.length, 14 + asked.length), uint16s(0xc00c));
      assert.equal([...response.subarray(-4)], [192, 0, 0, 0]);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

describe("the DNS server under fire", (test) => {
  const seeds = [
    message(A),
    withOpts("a", opt(4_096, { flags: DO })),
    message(question(["x"], { type: 255 })),
  ];
  const mutant = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(5))
    .map(([seed, changes, cut]) => {
      const bytes = Buffer.from(seed.subarray(0, seed.length - cut));
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    });
  const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));

  test("makes a readable response, or none, of any message", () => {
    const property = fc.property(fc.oneof(mutant, noise), (bytes) => {
      const query = decodeQuery(bytes);
      assert.is(query === undefined, bytes.length < 12 || (bytes.readUInt16BE(2) & 0x8000) !== 0);
      if (!query) return;
      const response = encodeResponse(query, refusal(query.problem ?? "REFUSED"), "udp");
      const { id, flag_qr } = decode(response);
      assert.equal([id, flag_qr, response.length <= 512], [bytes.readUInt16BE(0), true, true]);
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  test("answers no response and no fragment, and outlives whatever comes", async () => {
    const server = await startWithRecords();
    const socket = createSocket("udp4");
    socket.connect(server.port, server.host);
    await once(socket, "connect");
    for (const bytes of fc.sample(fc.oneof(mutant, noise), 500)) {
      socket.send(bytes);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.close();
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(11), message(A, { flags: 0x8000 })]) {
      const silence = await exchangeOverUdp(bytes, { ...server, timeoutMs: 50 }).catch(String);
      assert.match(String(silence), /expected an answer over UDP within 50 ms, got none$/);
    }
    assert.is(summary(await exchangeOverUdp(message(A), server)), "NOERROR [AA] 1 1 0 0");
    await server.close();
  });

  test("reads TCP in whatever pieces it comes, and several messages on one connection", async () => {
    const server = await startWithRecords();
    const framed = Buffer.concat([message(A), withOpts("at")].flatMap((one) => [uint16s(one.length), one]));
    for (const pieces of [[...framed].map((byte) => Buffer.from([byte])), [framed]]) {
      const socket = connect(server.port, server.host).setNoDelay(true);
      const received = buffer(socket);
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      socket.end();
      const bytes = await received;
      const first = bytes.subarray(2, 2 + bytes.readUInt16BE(0));
      const second = bytes.subarray(2 + first.length + 2);
      assert.equal([first, second].map(summary), ["NOERROR [AA] 1 1 0 0", "NOERROR [AA] 1 30 0 0"]);
    }
    await server.close();
  });

  test("hangs up on TCP without sense, and closes with a connection open", async () => {
    const server = await startWithRecords();
    const refused = await exchangeOverTcp(Buffer.from([1, 2, 3]), server).catch(String);
    assert.match(String(refused), /expected an answer over TCP within 2000 ms, got connection closed$/);
    const idle = connect(server.port, server.host);
    await once(idle, "connect");
    const hungUp = once(idle, "close");
    idle.on("error", () => undefined);
    const startedAtMs = performance.now();
    await server.close();
    await hungUp;
    assert.ok(performance.now() - startedAtMs < 5_000, "closing does not wait for the idle connection");
    const gone = await queryDns({ ...server, name: "a.example.com", type: "A", timeoutMs: 500 }).catch(
      String,
    );
    assert.match(
      String(gone),
      /^Error: DNS server 127\.0\.0\.1:\d+: expected an answer over UDP within 500 ms, got .*ECONNREFUSED/,
    );
  });
});
