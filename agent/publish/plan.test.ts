import fc from "fast-check";
import { type Family, parseAddress } from "../../lambda/contract/address.ts";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import type { Domain } from "../config/domain.ts";
import type { Detection } from "../detect/detect.ts";
import { emptyState, type PendingEntry, type PublishedEntry, stateKey } from "../state/state.ts";
import { type PlanOptions, plan, type Step } from "./plan.ts";

const NOW = Date.parse("2027-01-01T00:00:00Z");
const HOUR = 3_600_000;
const fqdn = parseFqdn("home.example.com");

const known = (text: string): Detection => {
  const address = parseAddress(text);
  return { family: address.family, state: "known", address, findings: [] };
};
const unavailable = (family: Family = "ipv4"): Detection => ({
  family,
  state: "unavailable",
  reason: "nobody answers",
  findings: [],
});
const absent = (family: Family): Detection => ({ family, state: "absent" });

const published = (ip: string, more: Partial<PublishedEntry> = {}): PublishedEntry => ({
  ip,
  publishedAtMs: NOW - HOUR,
  refreshAtMs: NOW + HOUR,
  ...more,
});

interface Remembered {
  readonly published?: PublishedEntry;
  readonly pending?: PendingEntry;
  readonly options?: Partial<PlanOptions>;
  readonly domain?: Partial<Domain>;
}

const pendingOf = ({ ip, sinceMs, isGiven }: { ip: string; sinceMs: number; isGiven: true | undefined }) => ({
  ip,
  sinceMs,
  ...(isGiven && { isGiven }),
});

/** The plan for one name, each step in few words. */
function decide(detections: readonly Detection[], remembered: Remembered = {}): string {
  const entries = <T extends { readonly ip: string }>(entry: T | undefined) =>
    new Map(entry ? [[stateKey(fqdn, parseAddress(entry.ip).family), entry]] : []);
  const state = { published: entries(remembered.published), pending: entries(remembered.pending) };
  const options = { state, nowMs: NOW, isForced: false, pendingMaxAgeMs: 24 * HOUR, ...remembered.options };
  return plan([{ fqdn, ...remembered.domain }], detections, options)
    .map(inWords)
    .join(", ");
}

function inWords(step: Step): string {
  if (step.action === "publish") return `publish ${step.address.text}`;
  return step.outcome.outcome + ("ip" in step.outcome ? ` ${step.outcome.ip}` : "");
}

describe("plan", (test) => {
  const old = published("1.2.3.4");
  const cases: [string, readonly Detection[], Remembered, string][] = [
    ["publishes what is new", [known("1.2.3.4")], {}, "publish 1.2.3.4"],
    ["leaves what is unchanged", [known("1.2.3.4")], { published: old }, "unchanged 1.2.3.4"],
    ["publishes what has changed", [known("8.8.8.8")], { published: old }, "publish 8.8.8.8"],
    [
      "publishes the unchanged when it is due",
      [known("1.2.3.4")],
      { published: published("1.2.3.4", { refreshAtMs: NOW }) },
      "publish 1.2.3.4",
    ],
    [
      "does not before it is due",
      [known("1.2.3.4")],
      { published: published("1.2.3.4", { refreshAtMs: NOW + 1 }) },
      "unchanged 1.2.3.4",
    ],
    [
      "publishes the unchanged for another TTL",
      [known("1.2.3.4")],
      { published: old, domain: { ttlSeconds: 60 } },
      "publish 1.2.3.4",
    ],
    [
      "publishes the unchanged for a TTL no longer asked for",
      [known("1.2.3.4")],
      { published: published("1.2.3.4", { ttlSeconds: 60 }) },
      "publish 1.2.3.4",
    ],
    [
      "publishes the unchanged when forced",
      [known("1.2.3.4")],
      { published: old, options: { isForced: true } },
      "publish 1.2.3.4",
    ],
    [
      "publishes again what was published in the future",
      [known("1.2.3.4")],
      { published: published("1.2.3.4", { publishedAtMs: NOW + 1 }) },
      "publish 1.2.3.4",
    ],
    [
      "publishes again an address that was changed back: what is pending may have arrived",
      [known("1.2.3.4")],
      { published: old, pending: { ip: "8.8.8.8", sinceMs: NOW - HOUR } },
      "publish 1.2.3.4",
    ],
    [
      "does not publish what is pending and nobody knows any more",
      [unavailable()],
      { published: old, pending: { ip: "8.8.8.8", sinceMs: NOW } },
      "unavailable",
    ],
    [
      "publishes what a person gave and is pending where nothing newer is known",
      [unavailable()],
      { published: old, pending: { ip: "8.8.8.8", sinceMs: NOW - 24 * HOUR, isGiven: true } },
      "publish 8.8.8.8",
    ],
    [
      "publishes what is pending of a family that is not asked for",
      [known("1.2.3.4"), absent("ipv6")],
      { published: old, pending: { ip: "2600::1", sinceMs: NOW, isGiven: true } },
      "publish 2600::1, unchanged 1.2.3.4",
    ],
    [
      "publishes what is known rather than what is pending",
      [known("9.9.9.9")],
      { pending: { ip: "8.8.8.8", sinceMs: NOW } },
      "publish 9.9.9.9",
    ],
    [
      "does not publish what is pending for too long",
      [unavailable()],
      { pending: { ip: "8.8.8.8", sinceMs: NOW - 24 * HOUR - 1, isGiven: true } },
      "unavailable",
    ],
    ["changes nothing where nothing is known", [unavailable()], { published: old }, "unavailable"],
    ["says nothing of a family that is not asked for", [absent("ipv4"), absent("ipv6")], {}, ""],
    [
      "keeps to the families of the name",
      [known("1.2.3.4"), known("2600::1")],
      { domain: { families: ["ipv6"] } },
      "publish 2600::1",
    ],
    ["refuses what is not public", [known("10.0.0.1")], {}, "refused 10.0.0.1"],
    [
      "puts another host's suffix behind the prefix",
      [known("2600:1:2:3:aaaa::1"), known("1.2.3.4")],
      { domain: { ipv6Suffix: { text: "::5", prefixLength: 64 } } },
      "publish 2600:1:2:3::5, publish 1.2.3.4",
    ],
    [
      "compares what was published with the suffix",
      [known("2600:1:2:3:bbbb::1")],
      {
        published: published("2600:1:2:3::5"),
        domain: { ipv6Suffix: { text: "::5", prefixLength: 64 } },
      },
      "unchanged 2600:1:2:3::5",
    ],
    [
      "does not put the suffix on what is pending, which has it",
      [unavailable("ipv6")],
      {
        pending: { ip: "2600:9::5", sinceMs: NOW, isGiven: true },
        domain: { ipv6Suffix: { text: "::6", prefixLength: 64 } },
      },
      "publish 2600:9::5",
    ],
  ];
  for (const [name, detections, remembered, expected] of cases) {
    test(name, () => assert.is(decide(detections, remembered), expected));
  }

  test("tells why nothing is known, and what the range of a refused address means", () => {
    const options = { state: emptyState, nowMs: NOW, isForced: false, pendingMaxAgeMs: 0 };
    const reasons = [unavailable(), known("100.64.0.1")].flatMap((detection) =>
      plan([{ fqdn }], [detection], options).map((step) =>
        step.action === "none" && "reason" in step.outcome ? step.outcome.reason : "",
      ),
    );
    assert.equal(reasons, [
      "nobody answers",
      "100.64.0.1 is not public: 100.64.0.0/10 is shared address space (RFC 6598), your provider uses carrier-grade NAT: this address is shared, and the Internet cannot reach it",
    ]);
  });

  test("publishes what is pending first, and otherwise keeps the order of the names", () => {
    const names = ["a.example.com", "b.example.com", "c.example.com"].map(parseFqdn);
    const pending = new Map(
      names.slice(2).map((name) => [stateKey(name, "ipv4"), { ip: "8.8.8.8", sinceMs: 0 }]),
    );
    const steps = plan(
      names.map((name) => ({ fqdn: name })),
      [known("1.2.3.4")],
      { state: { ...emptyState, pending }, nowMs: NOW, isForced: false, pendingMaxAgeMs: 0 },
    );
    const order = steps.map((step) => (step.action === "publish" ? step.fqdn : ""));
    assert.equal(order, ["c.example.com.", "a.example.com.", "b.example.com."]);
  });

  test("never publishes anything but what was detected or given, whatever is remembered", () => {
    const ip = fc.constantFrom("1.2.3.4", "8.8.8.8", "9.9.9.9");
    const time = fc.integer({ min: -1e14, max: 1e14 });
    const entry = fc.record({ ip, publishedAtMs: time, refreshAtMs: time });
    const arbitrary = [
      ip,
      fc.boolean(),
      fc.option(entry),
      fc.option(fc.record({ ip, sinceMs: time, isGiven: fc.constantFrom(true as const, undefined) })),
      fc.boolean(),
    ] as const;
    fc.assert(
      fc.property(...arbitrary, (now, isKnown, was, waits, isForced) => {
        const published = was ? { published: was } : {};
        const pending = waits ? { pending: pendingOf(waits) } : {};
        const remembered = { ...published, ...pending, options: { isForced } };
        const step = decide([isKnown ? known(now) : unavailable()], remembered);
        const allowed = isKnown ? [`publish ${now}`, `unchanged ${now}`] : allowedUnknown(waits);
        assert.ok(allowed.includes(step), step);
        assertCertain(step, was, waits);
      }),
    );
  });
});

/** What may follow where no address is known. */
function allowedUnknown(
  waits: { readonly ip: string; readonly isGiven: true | undefined } | null,
): readonly string[] {
  return waits?.isGiven ? ["unavailable", `publish ${waits.ip}`] : ["unavailable"];
}

/** "Unchanged" takes that the stream has acknowledged the address, and that nothing else is on its way. */
function assertCertain(step: string, was: { readonly ip: string } | null, waits: object | null): void {
  if (!step.startsWith("unchanged")) return;
  assert.is(step, `unchanged ${was?.ip}`);
  assert.is(waits, null);
}
