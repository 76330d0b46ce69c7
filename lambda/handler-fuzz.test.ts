// The whole handler against a model of what it shall do, for random and damaged events, with a Route 53 that fails
// at random and an event source mapping that delivers again what it is told to.
//   FUZZ_SEED=123 repeats a run.
import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject, randomInt } from "node:crypto";
import type { KinesisStreamEvent } from "aws-lambda";
import fc from "fast-check";
import { kinesisEvent } from "../scripts/bench/lambda-event.ts";
import { modelOutcome, type Rule } from "../scripts/bench/lambda-model.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate-clock.ts";
import type { ChangeBatch } from "./change-batch.ts";
import { decodeAddressUpdate, encodeAddressUpdate } from "./contract/payload.ts";
import { formatPublicKey, signAddressUpdate } from "./contract/signature.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { parseSettings } from "./settings.ts";

const cases = process.env.CI === "true" ? 10_000 : 1_000;
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));

const ARRIVED_AT_MS = Date.parse("2026-01-31T12:00:00.000Z");
/** Every delivery makes some progress, or has met a fault: more than this is a loop. */
const MOST_DELIVERIES = 100;
/** Ed25519 keys that are the same on every run: RFC 8410's envelope around a secret of 32 equal bytes. */
const [atticKey, spareKey, strangersKey] = [1, 2, 3].map((byte) => {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, byte)]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}) as [KeyObject, KeyObject, KeyObject];
const privateKeys = new Map([
  ["attic", atticKey],
  ["spare", spareKey],
  ["stranger", strangersKey],
]);

const settings = parseSettings({
  zones: [
    { name: "example.com", id: "Z1" },
    { name: "dyn.example.com", id: "Z2" },
  ],
  devices: [
    {
      name: "attic",
      domains: ["home.example.com", "*.dyn.example.com"],
      ttl: { min: 30, max: 300, default: 120 },
      publicKeys: [formatPublicKey(atticKey)],
    },
    { name: "spare", domains: ["home.example.com"], publicKeys: [formatPublicKey(spareKey)] },
    { name: "cellar", domains: ["**.cellar.example.com"], families: ["ipv6"] },
  ],
  unsignedDomains: ["*.lab.example.com", "example.com"],
  ttlSeconds: 60,
});

const rules = new Map<string, Rule>([
  ["", { names: /^(?:(?!ns1\.|_)[^.]+\.lab\.|)example\.com\.$/, ttl: [60, 60, 60] }],
  ["attic", { names: /^(?:home\.example|[^.]+\.dyn\.example)\.com\.$/, ttl: [30, 120, 300], isKeyed: true }],
  ["spare", { names: /^home\.example\.com\.$/, ttl: [60, 60, 60], isKeyed: true }],
  ["cellar", { names: /^.+\.cellar\.example\.com\.$/, isIpv6Only: true, ttl: [60, 60, 60] }],
]);
/** It has a CNAME. */
const impossible = new Set(["cname.lab.example.com."]);

const permitted: readonly (readonly [device: string | undefined, domain: string])[] = [
  ["attic", "home.example.com"],
  ["attic", "HOME.example.com."],
  ["attic", "*.dyn.example.com"],
  ["spare", "home.example.com"],
  ["cellar", "x.y.cellar.example.com"],
  [undefined, "a.lab.example.com"],
  [undefined, "example.com"],
  [undefined, "cname.lab.example.com"],
];
const devices = ["attic", "spare", "cellar", "garage", "__proto__", undefined];
const badNames = ["notexample.com", "home.example.com.evil.org", "a.b.dyn.example.com", "dyn.example.com"];
badNames.push("ns1.lab.example.com", "home.ехample.com", "a.lab.example.com\u0000", "a\\052.lab.example.com");
badNames.push("cellar.example.com", "__proto__.lab.example.com", "", "com");
const goodIps = ["81.2.3.4", "81.2.3.5", "2600::1", "2600:0:0::2"];
const badIps = ["10.0.0.1", "192.168.1.1", "fe80::1", "::ffff:81.2.3.4", "81.2.3", "1.2.3.4/32", ""];

const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: bad });

const anyName = fc.constantFrom(...badNames, ...permitted.map(([, domain]) => domain));
const intent = fc.record({
  ip: mostly(fc.constantFrom(...goodIps), fc.constantFrom(...badIps)),
  claim: mostly(fc.constantFrom(...permitted), fc.tuple(fc.constantFrom(...devices), anyName)),
  issuedAgoMs: mostly<number | undefined>(
    fc.integer({ min: -1_000, max: 3_000 }),
    fc.constantFrom(undefined, 300_000, 300_001, -300_000, -300_001),
  ),
  ttl: fc.constantFrom(undefined, 0, 45, 200, 86_400),
  signer: mostly(fc.constant("own"), fc.constantFrom("none", "attic", "stranger")),
});
type Intent = typeof intent extends fc.Arbitrary<infer T> ? T : never;

/** A way to spoil the bytes of a payload: some of them are replaced. */
const damage = mostly<{ at: number; drop: number; insert: Uint8Array } | undefined>(
  fc.constant(undefined),
  fc.oneof(
    fc.record({ at: fc.nat(400), drop: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }),
    fc.record({ at: fc.constant(0), drop: fc.constant(2_000), insert: fc.uint8Array() }),
    fc.json().map((text) => ({ at: 0, drop: 2_000, insert: Buffer.from(text) })),
  ),
);

/** The bytes of a payload. What a device signs goes to `signed`. */
function payloadOf({ ip, claim, issuedAgoMs, ttl, signer }: Intent, signed: Set<string>): Uint8Array {
  const [device, domain] = claim;
  const fields = { ip, domain, device, ttl };
  const issued = issuedAgoMs !== undefined && {
    issued_at: new Date(ARRIVED_AT_MS - issuedAgoMs).toISOString(),
  };
  const plain = JSON.stringify({ ...fields, ...issued, uuid: "70e3e22a-e50e-4770-89ae-6f1d95da9b44" });
  const decoded = decodeAddressUpdate(Buffer.from(plain));
  const signerName = signer === "own" ? device : signer;
  const privateKey = privateKeys.get(signerName ?? "");
  if (!decoded.ok || !privateKey) return Buffer.from(plain);
  const update = signAddressUpdate(decoded.update, privateKey);
  if (signerName === update.device && update.issuedAt !== undefined) signed.add(JSON.stringify(update));
  return encodeAddressUpdate(update);
}

const batch = fc.array(fc.tuple(intent, damage), { maxLength: 12, size: "max" }).map((parts) => {
  const signed = new Set<string>();
  const deliveries = parts.map(([asked, spoiling]) => {
    const bytes = payloadOf(asked, signed);
    const { at, drop, insert } = spoiling ?? { at: 0, drop: 0, insert: new Uint8Array() };
    const start = at % (bytes.length + 1);
    const data = Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + drop)]);
    return { data, arrivedAtMs: ARRIVED_AT_MS };
  });
  const describeBatch = () =>
    JSON.stringify(
      deliveries.map(({ data }) => data.toString()),
      undefined,
      2,
    );
  return { event: kinesisEvent(deliveries), signed, [fc.toStringMethod]: describeBatch };
});

const faultNames = ["Throttling", "PriorRequestNotComplete", "ServiceUnavailable", "answer lost"] as const;
const fault = fc.constantFrom(undefined, ...faultNames);

function sdkError(name: string, httpStatusCode: number): Error {
  const $fault = httpStatusCode < 500 ? "client" : "server";
  return Object.assign(new Error(name), { name, $fault, $metadata: { httpStatusCode } });
}

/** A Route 53 whose nth call fails as the nth fault says, and what it holds. */
function createRoute53(faults: readonly (string | undefined)[]) {
  const held: Record<string, string> = {};
  const left = [...faults];
  const send = async ({ rrsets }: ChangeBatch) => {
    const failing = left.shift();
    if (failing && failing !== "answer lost")
      throw sdkError(failing, failing === "ServiceUnavailable" ? 503 : 400);
    if (rrsets.some(({ winner }) => impossible.has(winner.update.fqdn)))
      throw sdkError("InvalidChangeBatch", 400);
    for (const { winner } of rrsets) {
      const { update, rrtype, ttlSeconds } = winner;
      held[`${update.fqdn} ${rrtype}`] = `${ttlSeconds} ${update.address.text}`;
    }
    if (failing) throw new Error("socket hang up");
    return "C1";
  };
  return { held, send };
}

/** Delivers an event until nothing of it is left. Gives what Route 53 holds then, and the log. */
async function deliver(
  { Records }: KinesisStreamEvent,
  faults: readonly (string | undefined)[],
  timeoutMs: number,
) {
  const clock = createVirtualClock(ARRIVED_AT_MS);
  const { held, send } = createRoute53(faults);
  const lines: string[] = [];
  const write = (written: readonly string[]) => lines.push(...written);
  const handler = createHandler(settings, {
    ...clock,
    send,
    write,
    random: () => 0,
    pace: createPace(5, 1000),
  });
  let left = Records;
  for (let delivery = 0; left.length > 0; delivery += 1) {
    assert.ok(delivery < MOST_DELIVERIES, "expected an end of it");
    const endsAtMs = clock.now() + timeoutMs;
    const getRemainingTimeInMillis = () => endsAtMs - clock.now();
    const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis };
    const { batchItemFailures } = await handler({ Records: left }, context);
    const from = batchItemFailures[0]?.itemIdentifier;
    const next = left.findIndex(({ kinesis }) => kinesis.sequenceNumber === from);
    assert.is(from === undefined, next < 0);
    left = next < 0 ? [] : left.slice(next);
    await clock.sleep(1_000);
  }
  return { held, lines };
}

describe("the handler, given random and damaged events", (test) => {
  test(`makes of ${cases} of them what the model says (FUZZ_SEED=${seed})`, async () => {
    process.stdout.write(`fuzz: ${cases} events, FUZZ_SEED=${seed}\n`);
    let changes = 0;
    const property = fc.asyncProperty(
      batch,
      fc.array(fault, { maxLength: 12 }),
      fc.integer({ min: 6_000, max: 20_000 }),
      async ({ event, signed }, faults, timeoutMs) => {
        const { held, lines } = await deliver(event, faults, timeoutMs);
        const expected = modelOutcome(event.Records, { rules, signed, impossible });
        assert.equal(held, expected);
        for (const line of lines) assert.match(line, /^\{[\x20-\x7e]+\}$/);
        changes += Object.keys(expected).length;
      },
    );
    await fc.assert(property, { numRuns: cases, seed, includeErrorInReport: true });
    // It would prove nothing if nearly everything were refused.
    assert.ok(changes > 2 * cases, `only ${changes} changes`);
  });
});
