import { parseAddress } from "../../lambda/contract/address.ts";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { type Agreement, compare, type Evidence } from "./agreement.ts";
import type { ServerAnswer } from "./ask-name-servers.ts";

const PUBLISHED_MS = Date.parse("2026-01-02T03:04:05Z");
const published = (ip: string) => ({ ip, publishedAtMs: PUBLISHED_MS, refreshAtMs: 0 });
const wanted = (text: string) => ({ state: "known", address: parseAddress(text) }) as const;
const unlearnt = {
  state: "unavailable",
  reason: "no ipv4 address learnt: check: no answer in time",
} as const;

const pending = (ip: string, nextIp: string | undefined, isGiven?: true) => ({
  ip,
  sinceMs: Date.parse("2026-01-03T00:00:00Z"),
  nextIp,
  ...(isGiven && { isGiven }),
});

/** Servers by their answers: addresses, "" for none, and in brackets the reason why there is no answer. */
const served = (...answers: string[]): readonly ServerAnswer[] =>
  answers.map((answer, index): ServerAnswer => {
    const server = `ns-${index}`;
    const [, reason] = /^\((.*)\)$/.exec(answer) ?? [];
    if (reason !== undefined) return { server, state: "unavailable", reason };
    return answer ? { server, state: "known", addresses: answer.split(" ") } : { server, state: "absent" };
  });

function told({ verdict, exitCode, reasons, sinceMs }: Agreement): string {
  const since = sinceMs === PUBLISHED_MS ? " since" : "";
  return [`${exitCode} ${verdict}${since}`, ...reasons].join("; ");
}

describe("compare", (test) => {
  const cases: [string, Pick<Evidence, "published" | "pending" | "wanted" | "served">, string][] = [
    [
      "all three are the same",
      {
        published: published("1.2.3.4"),
        wanted: wanted("1.2.3.4"),
        served: served("1.2.3.4", "1.2.3.4"),
      },
      "0 agrees since",
    ],
    [
      "the device has forgotten what it published, and the rest is the same",
      { published: undefined, wanted: wanted("1.2.3.4"), served: served("1.2.3.4") },
      "0 agrees",
    ],
    [
      "one server has the old address still",
      {
        published: published("1.2.3.4"),
        wanted: wanted("1.2.3.4"),
        served: served("1.2.3.4", "8.8.8.8"),
      },
      "75 differs since; ns-1: 8.8.8.8",
    ],
    [
      "one server has the new address beside the old one",
      {
        published: published("1.2.3.4"),
        wanted: wanted("1.2.3.4"),
        served: served("1.2.3.4 8.8.8.8"),
      },
      "75 differs since; ns-0: 1.2.3.4 and 8.8.8.8",
    ],
    [
      "a server has nothing",
      { published: published("1.2.3.4"), wanted: wanted("1.2.3.4"), served: served("") },
      "75 differs since; ns-0: no such record",
    ],
    [
      "the address has changed since",
      { published: published("1.2.3.4"), wanted: wanted("8.8.8.8"), served: served("1.2.3.4") },
      "75 differs; published 1.2.3.4, but the address is 8.8.8.8; ns-0: 1.2.3.4",
    ],
    [
      "somebody else has published the address of now",
      { published: published("1.2.3.4"), wanted: wanted("8.8.8.8"), served: served("8.8.8.8") },
      "75 differs; published 1.2.3.4, but the address is 8.8.8.8",
    ],
    [
      "a server does not answer",
      {
        published: published("1.2.3.4"),
        wanted: wanted("1.2.3.4"),
        served: served("1.2.3.4", "(no answer in time)"),
      },
      "75 unknown; ns-1: no answer in time",
    ],
    [
      "one server does not answer and another contradicts",
      {
        published: published("1.2.3.4"),
        wanted: wanted("1.2.3.4"),
        served: served("(it answers REFUSED)", "8.8.8.8"),
      },
      "75 differs since; ns-0: it answers REFUSED; ns-1: 8.8.8.8",
    ],
    [
      "nobody could be asked",
      {
        published: published("1.2.3.4"),
        wanted: wanted("1.2.3.4"),
        served: { reason: "the resolver fails" },
      },
      "75 unknown; the resolver fails",
    ],
    [
      "what is detected was not confirmed, although the servers have it",
      {
        published: undefined,
        pending: pending("1.2.3.4", "1.2.3.4"),
        wanted: wanted("1.2.3.4"),
        served: served("1.2.3.4"),
      },
      "75 differs; 1.2.3.4, detected at 2026-01-03T00:00:00Z, was not confirmed by the stream: the next update sends it",
    ],
    [
      "what was given waits, and another address is detected",
      {
        published: published("1.2.3.4"),
        pending: pending("9.9.9.9", "1.2.3.4", true),
        wanted: wanted("1.2.3.4"),
        served: served("1.2.3.4"),
      },
      "75 unknown; 9.9.9.9, given by --ip at 2026-01-03T00:00:00Z, was not confirmed by the stream: the next update sends 1.2.3.4 instead",
    ],
    [
      "what was given waits, and the servers have it instead of what is detected",
      {
        published: published("1.2.3.4"),
        pending: pending("9.9.9.9", "1.2.3.4", true),
        wanted: wanted("1.2.3.4"),
        served: served("9.9.9.9"),
      },
      "75 differs since; 9.9.9.9, given by --ip at 2026-01-03T00:00:00Z, was not confirmed by the stream: the next update sends 1.2.3.4 instead; ns-0: 9.9.9.9",
    ],
    [
      "what was detected waits, and is not detected any more",
      {
        published: published("1.2.3.4"),
        pending: pending("8.8.8.8", undefined),
        wanted: unlearnt,
        served: served("1.2.3.4"),
      },
      "75 unknown; 8.8.8.8, detected at 2026-01-03T00:00:00Z, was not confirmed by the stream: no update sends it before it is learnt or given again; no ipv4 address learnt: check: no answer in time",
    ],
    [
      "no address could be learnt, and the servers have what was published",
      { published: published("1.2.3.4"), wanted: unlearnt, served: served("1.2.3.4") },
      "69 unknown; no ipv4 address learnt: check: no answer in time",
    ],
    [
      "no address could be learnt, and the servers do not have what was published",
      { published: published("1.2.3.4"), wanted: unlearnt, served: served("") },
      "75 differs; no ipv4 address learnt: check: no answer in time; ns-0: no such record",
    ],
    [
      "no address could be learnt, and nothing is known of before",
      { published: undefined, wanted: unlearnt, served: served("1.2.3.4") },
      "69 unknown; no ipv4 address learnt: check: no answer in time",
    ],
    [
      "no address could be learnt, and nobody be asked",
      { published: undefined, wanted: unlearnt, served: { reason: "the resolver fails" } },
      "75 unknown; no ipv4 address learnt: check: no answer in time; the resolver fails",
    ],
  ];
  for (const [name, evidence, expected] of cases) {
    test(`says "${expected.split(";")[0]}" where ${name}`, () => {
      const about = { fqdn: parseFqdn("home.example.com"), family: "ipv4" } as const;
      assert.is(told(compare({ ...about, ...evidence })), expected);
    });
  }
});
