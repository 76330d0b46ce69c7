import { parseAddress } from "../../lambda/contract/address.ts";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { compare, type Evidence } from "./agreement.ts";
import { formatColumns } from "./columns.ts";
import { agreementTable, describeObjections, encodeAgreement } from "./format-agreement.ts";

const publishedAtMs = Date.parse("2026-01-02T03:04:05.678Z");

const agreeing: Evidence = {
  fqdn: parseFqdn("home.example.com"),
  family: "ipv4",
  published: { ip: "1.2.3.4", publishedAtMs, refreshAtMs: 0 },
  wanted: { state: "known", address: parseAddress("1.2.3.4") },
  served: [
    { server: "ns-1.test", state: "known", addresses: ["1.2.3.4"] },
    { server: "ns-2.test", state: "known", addresses: ["1.2.3.4"] },
  ],
};
const differing: Evidence = {
  ...agreeing,
  fqdn: parseFqdn("*.example.com"),
  served: [
    { server: "ns-1.test", state: "known", addresses: ["1.2.3.4", "8.8.8.8"] },
    { server: "ns-2.test", state: "absent" },
    { server: "ns-3.test", state: "unavailable", reason: "no answer in time" },
  ],
};
const unknown: Evidence = {
  fqdn: parseFqdn("home.example.com"),
  family: "ipv6",
  published: undefined,
  wanted: { state: "unavailable", reason: "no ipv6 address learnt: interface: none" },
  served: { reason: "no answer in time" },
};

describe("the table of agreements", (test) => {
  test("has a row for each name and family", () => {
    const rows = agreementTable([agreeing, differing, unknown].map(compare));
    assert.equal(formatColumns(rows), [
      "NAME              TYPE  PUBLISHED                     DETECTED  SERVED                                                                   VERDICT",
      "home.example.com  A     1.2.3.4 2026-01-02T03:04:05Z  1.2.3.4   1.2.3.4 (2 of 2)                                                         agrees since 2026-01-02T03:04:05Z",
      "*.example.com     A     1.2.3.4 2026-01-02T03:04:05Z  1.2.3.4   1.2.3.4 and 8.8.8.8 (1 of 3), no such record (1 of 3), unknown (1 of 3)  differs since 2026-01-02T03:04:05Z at the earliest",
      "home.example.com  AAAA  -                             -         -                                                                        unknown",
    ]);
  });

  test("has a column for what is pending where something is", () => {
    const waiting: Evidence = {
      ...agreeing,
      pending: { ip: "9.9.9.9", sinceMs: publishedAtMs, isGiven: true, nextIp: "1.2.3.4" },
    };
    assert.equal(formatColumns(agreementTable([agreeing, waiting].map(compare))), [
      "NAME              TYPE  PUBLISHED                     PENDING                       DETECTED  SERVED            VERDICT",
      "home.example.com  A     1.2.3.4 2026-01-02T03:04:05Z  -                             1.2.3.4   1.2.3.4 (2 of 2)  agrees since 2026-01-02T03:04:05Z",
      "home.example.com  A     1.2.3.4 2026-01-02T03:04:05Z  9.9.9.9 2026-01-02T03:04:05Z  1.2.3.4   1.2.3.4 (2 of 2)  unknown",
    ]);
  });

  test("survives a time that cannot be", () => {
    const published = { ip: "1.2.3.4", publishedAtMs: 1e300, refreshAtMs: 0 };
    const [, row] = agreementTable([compare({ ...agreeing, published })]);
    assert.is(row?.[2], "1.2.3.4 an impossible time");
  });
});

describe("describeObjections", (test) => {
  test("has a line for each thing that is not as it should be", () => {
    assert.equal(
      [agreeing, differing, unknown].flatMap((evidence) => describeObjections(compare(evidence))),
      [
        "*.example.com A: ns-1.test: 1.2.3.4 and 8.8.8.8",
        "*.example.com A: ns-2.test: no such record",
        "*.example.com A: ns-3.test: no answer in time",
        "home.example.com AAAA: no ipv6 address learnt: interface: none",
        "home.example.com AAAA: no answer in time",
      ],
    );
  });
});

describe("encodeAgreement", (test) => {
  test("tells programs everything", () => {
    assert.equal(JSON.parse(encodeAgreement(compare(agreeing))), {
      domain: "home.example.com",
      type: "A",
      verdict: "agrees",
      since: "2026-01-02T03:04:05Z",
      published: { ip: "1.2.3.4", at: "2026-01-02T03:04:05Z" },
      detected: "1.2.3.4",
      served: [
        { server: "ns-1.test", state: "known", addresses: ["1.2.3.4"] },
        { server: "ns-2.test", state: "known", addresses: ["1.2.3.4"] },
      ],
      reasons: [],
    });
  });

  test("leaves out what is not known", () => {
    assert.equal(JSON.parse(encodeAgreement(compare(unknown))), {
      domain: "home.example.com",
      type: "AAAA",
      verdict: "unknown",
      reasons: ["no ipv6 address learnt: interface: none", "no answer in time"],
    });
  });
});
