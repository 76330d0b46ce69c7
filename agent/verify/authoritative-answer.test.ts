import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import type { DnsReply } from "../dns/dns-client.ts";
import type { AnswerRr } from "../dns/dns-message.ts";
import {
  addressQuestion,
  describeAuthoritativeAnswer,
  isExactly,
  readAuthoritativeAnswer,
} from "./authoritative-answer.ts";

const a = (text: string, name = "home.example.com"): AnswerRr => ({ name, type: "A", text });
const reply = (answers: readonly AnswerRr[], rcode = "NOERROR", isAuthoritative = true): DnsReply => ({
  response: { rcode, isAuthoritative, isTruncated: false, answers },
});
const question = addressQuestion({ fqdn: parseFqdn("Home.example.com"), family: "ipv4" });

describe("readAuthoritativeAnswer", (test) => {
  const cases: [string, DnsReply, string][] = [
    ["an address", reply([a("1.2.3.4")]), "1.2.3.4"],
    ["several addresses, in any order", reply([a("8.8.8.8"), a("1.2.3.4")]), "1.2.3.4 and 8.8.8.8"],
    ["no address", reply([]), "no such record"],
    ["no such name", reply([], "NXDOMAIN"), "no such record"],
    ["a cache's word", reply([a("1.2.3.4")], "NOERROR", false), "it is not authoritative for the name"],
    ["a cache's no", reply([], "NXDOMAIN", false), "it is not authoritative for the name"],
    ["a refusal", reply([a("1.2.3.4")], "REFUSED"), "it answers REFUSED"],
    ["a failure", reply([], "SERVFAIL", false), "it answers SERVFAIL"],
    ["silence", { reason: "no answer in time" }, "no answer in time"],
    ["addresses of another name", reply([a("1.2.3.4", "example.com")]), "no such record"],
    ["a record of another type", reply([{ ...a("2600::1"), type: "AAAA" }]), "no such record"],
    [
      "an alias",
      reply([{ ...a("target.example.com"), type: "CNAME" }, a("1.2.3.4", "target.example.com")]),
      "the name is an alias of target.example.com",
    ],
  ];
  for (const [name, given, expected] of cases) {
    test(`understands ${name}`, () => {
      assert.is(describeAuthoritativeAnswer(readAuthoritativeAnswer(given, question)), expected);
    });
  }
});

describe("addressQuestion", (test) => {
  test("asks for the type of the family, and of a wildcard for the * itself", () => {
    assert.equal(question, { name: "home.example.com", type: "A", class: "IN" });
    assert.equal(addressQuestion({ fqdn: parseFqdn("*.example.com"), family: "ipv6" }), {
      name: "*.example.com",
      type: "AAAA",
      class: "IN",
    });
  });
});

describe("isExactly", (test) => {
  test("is true of the address alone, however often", () => {
    const isIt = (...addresses: string[]) => isExactly({ state: "known", addresses }, "1.2.3.4");
    assert.ok(isIt("1.2.3.4") && isIt("1.2.3.4", "1.2.3.4"));
    assert.not.ok(isIt("8.8.8.8") || isIt("1.2.3.4", "8.8.8.8"));
    assert.not.ok(isExactly({ state: "absent" }, "1.2.3.4"));
  });
});
