import { type Answer, encode, type Packet } from "dns-packet";
import fc from "fast-check";
import { assert, describe } from "../../scripts/describe.ts";
import { type DnsQuery, encodeQuery, readResponse } from "./dns-message.ts";

const query: DnsQuery = {
  id: 0x1234,
  question: { name: "Home.example.com.", type: "A", class: "IN" },
  isRecursionDesired: false,
};
const { question } = query;
const a: Answer = { name: "home.example.com", type: "A", class: "IN", data: "1.2.3.4" };

const response = (given: Packet = {}) =>
  encode({ type: "response", id: query.id, questions: [question], answers: [a], ...given });

/** What the message is, on one line. */
function told(message: Buffer, asked = query): string {
  const reading = readResponse(message, asked);
  if (typeof reading === "string") return reading;
  const { rcode, isAuthoritative, isTruncated, answers } = reading.response;
  const flags = `${isAuthoritative ? " AA" : ""}${isTruncated ? " TC" : ""}`;
  return [rcode + flags, ...answers.map(({ name, type, text }) => `${name} ${type} ${text}`)].join(", ");
}

/** The response with other bytes from an offset on; from its end where that is negative. */
function altered(offset: number, ...bytes: number[]): Buffer {
  const message = response();
  message.set(bytes, offset < 0 ? message.length + offset : offset);
  return message;
}

describe("readResponse", (test) => {
  const cases: [string, Buffer, string][] = [
    ["an answer", response(), "NOERROR, home.example.com A 1.2.3.4"],
    ["the flags", response({ flags: 0x0600 }), "NOERROR AA TC, home.example.com A 1.2.3.4"],
    ["a response code", response({ flags: 3, answers: [] }), "NXDOMAIN"],
    ["a refusal that leaves out the question", response({ flags: 5, questions: [], answers: [] }), "REFUSED"],
    ["an answer that leaves out the question", response({ questions: [] }), "foreign"],
    ["that there is no such name, without the question", response({ flags: 3, questions: [] }), "foreign"],
    ["another id", response({ id: 0x1235 }), "foreign"],
    ["another name", response({ questions: [{ ...question, name: "home.example.org" }] }), "foreign"],
    ["another type", response({ questions: [{ ...question, type: "AAAA" }] }), "foreign"],
    ["another class", response({ questions: [{ ...question, class: "CH" }] }), "foreign"],
    ["two questions", response({ questions: [question, question] }), "foreign"],
    ["the query itself", encodeQuery(query), "foreign"],
    ["nothing", Buffer.alloc(0), "foreign"],
    ["less than a header", response().subarray(0, 11), "foreign"],
    ["a header alone", response().subarray(0, 12), "malformed"],
    ["an answer that ends in its address", response().subarray(0, -2), "malformed"],
    ["an answer with more behind it", Buffer.concat([response(), Buffer.alloc(1)]), "malformed"],
    ["more answers than there are", altered(6, 0xff, 0xff), "malformed"],
    ["a name that points at itself", altered(12, 0xc0, 12), "malformed"],
    [
      "strings of a text",
      response({ answers: [{ name: "t", type: "TXT", data: ["ab", Buffer.from("c")] }] }),
      "NOERROR, t TXT abc",
    ],
    [
      "an alias",
      response({ answers: [{ name: "A", type: "CNAME", data: "B.example" }] }),
      "NOERROR, a CNAME b.example",
    ],
    [
      "an IPv6 address in its only spelling",
      response({ answers: [{ name: "x", type: "AAAA", data: "2600:0:0:1::1" }] }),
      "NOERROR, x AAAA 2600:0:0:1::1",
    ],
    [
      "types of no interest",
      response({ answers: [{ name: "x", type: "MX", data: { preference: 1, exchange: "y" } }] }),
      "NOERROR, x MX ",
    ],
  ];
  for (const [name, message, expected] of cases) {
    test(`understands ${name}`, () => assert.is(told(message), expected));
  }

  test("has an outcome for every message, and none from one with another id", () => {
    const bytes = fc.uint8Array({ maxLength: 600 });
    fc.assert(
      fc.property(bytes, fc.boolean(), (body, isOurs) => {
        const message = Buffer.concat([Buffer.from([isOurs ? 0x12 : 0x21, 0x34, 0x84, 0]), body]);
        assert.ok(isOurs || readResponse(message, query) === "foreign");
        readResponse(message, query);
      }),
    );
  });

  test("has an outcome for every answer with some bytes changed", () => {
    const changes = fc.array(fc.tuple(fc.nat(response().length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(changes, (changed) => {
        const message = response();
        for (const [offset, byte] of changed) message[offset] = byte;
        const reading = readResponse(message, query);
        if (typeof reading === "string") return;
        for (const { type, text } of reading.response.answers)
          assert.ok(type !== "A" || /^[\d.]+$/.test(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("encodeQuery", (test) => {
  test("writes the header, the flag and the question", () => {
    const wire = (isRecursionDesired: boolean) =>
      encodeQuery({ id: 0xabcd, question: { name: "*.a.b", type: "TXT", class: "CH" }, isRecursionDesired });
    assert.is(wire(true).toString("hex"), "abcd01000001000000000000012a016101620000100003");
    assert.is(wire(false).toString("hex"), "abcd00000001000000000000012a016101620000100003");
  });
});
