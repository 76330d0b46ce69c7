import fc from "fast-check";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { emptyState, encodeState, parseState, type State, stateKey } from "./state.ts";

const DESTINATION = "update-route53@eu-west-1";
const ipv4 = stateKey(parseFqdn("home.example.com"), "ipv4");
const ipv6 = stateKey(parseFqdn("*.example.com"), "ipv6");
const state: State = {
  published: new Map([
    [ipv4, { ip: "1.2.3.4", publishedAtMs: 1, refreshAtMs: 2 }],
    [ipv6, { ip: "2600::1", ttlSeconds: 60, publishedAtMs: 3, refreshAtMs: 4 }],
  ]),
  pending: new Map([[ipv4, { ip: "8.8.8.8", sinceMs: 5 }]]),
};
const text = encodeState(state, DESTINATION);

/** What a file is worth after a change of its JSON. */
// biome-ignore lint/suspicious/noExplicitAny: a test changes it in every way
function parseChanged(change: (file: any) => void) {
  const file = JSON.parse(text);
  change(file);
  return parseState(JSON.stringify(file), DESTINATION);
}

describe("parseState", (test) => {
  test("reads what was written", () => {
    assert.equal(parseState(text, DESTINATION), { state });
    assert.equal(parseState(encodeState(emptyState, "d"), "d"), { state: emptyState });
  });

  test("takes a file cut off anywhere for none, and says so", () => {
    for (let length = 0; length < text.length - 2; length += 1) {
      const expected = { state: emptyState, problem: "it is not JSON" };
      assert.equal(parseState(text.slice(0, length), DESTINATION), expected, `${length}`);
    }
  });

  test("takes the state of another stream for none, which is no problem", () => {
    assert.equal(parseState(text, "update-route53@us-east-1"), { state: emptyState });
  });

  const ANOTHER = "it is of another version";
  const MALFORMED = "an entry is malformed";
  // biome-ignore lint/suspicious/noExplicitAny: a test changes it in every way
  const cases: [string, (file: any) => void, string][] = [
    ["an older version", (file) => (file.version = 0), ANOTHER],
    ["a newer version", (file) => (file.version = 2), ANOTHER],
    ["no version", (file) => delete file.version, ANOTHER],
    ["no published entries", (file) => delete file.published, MALFORMED],
    ["a list of pending entries", (file) => (file.pending = []), MALFORMED],
    ["an entry that is none", (file) => (file.pending[ipv4] = null), MALFORMED],
    ["an address that is none", (file) => (file.published[ipv4].ip = "1.2.3"), MALFORMED],
    ["an address with a zone", (file) => (file.published[ipv6].ip = "fe80::1%eth0"), MALFORMED],
    ["an address of the other family", (file) => (file.pending[ipv4].ip = "2600::1"), MALFORMED],
    ["a number for an address", (file) => (file.pending[ipv4].ip = 4), MALFORMED],
    ["a text for an instant", (file) => (file.published[ipv4].publishedAtMs = "1"), MALFORMED],
    ["no instant", (file) => delete file.published[ipv4].refreshAtMs, MALFORMED],
    ["no begin", (file) => delete file.pending[ipv4].sinceMs, MALFORMED],
    ["half a second for a TTL", (file) => (file.published[ipv4].ttlSeconds = 0.5), MALFORMED],
  ];
  for (const [name, change, problem] of cases) {
    test(`takes a file with ${name} for none, and says so`, () => {
      assert.equal(parseChanged(change), { state: emptyState, problem });
    });
  }

  for (const foreign of ["null", "[]", "1", '""', "{}"]) {
    test(`takes ${foreign} for none`, () => {
      assert.equal(parseState(foreign, DESTINATION), { state: emptyState, problem: ANOTHER });
    });
  }

  test("never throws", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (foreign) => void parseState(foreign, "")));
  });
});
