// Random events for the function: mostly what devices send, partly what nobody should.
import type { KinesisStreamRecord } from "aws-lambda";
import fc from "fast-check";
import { kinesisEvent } from "./event.ts";
import { anyDamage, type Damage, damageData } from "./fuzz-damage.ts";
import { encodeIntent, type Intent, respell } from "./fuzz-payload.ts";

const ARRIVED_AT_MS = Date.parse("2026-01-31T12:00:00.000Z");
/** It has a CNAME. */
export const impossibleName = "cname.lab.example.com.";

type Claim = readonly [device: string | undefined, domain: string];
const permitted: readonly Claim[] = [
  ["attic", "home.example.com"],
  ["attic", "HOME.example.com."],
  ["attic", "*.dyn.example.com"],
  ["attic", "dyn.dyn.example.com"],
  ["attic", "door.inner.hall.example.com"],
  ["spare", "home.example.com"],
  ["spare", "home.example.com"],
  ["cellar", "x.y.cellar.example.com"],
  ["hall", "lamp.hall.example.com"],
  [undefined, "a.lab.example.com"],
  [undefined, "b\u00fccher.lab.example.com"],
  [undefined, "example.com"],
  [undefined, "cname.lab.example.com"],
];
/** In spite of a pattern. */
const forbidden: readonly Claim[] = [
  ["hall", "*.hall.example.com"],
  ["cellar", "x.ns1.cellar.example.com"],
  [undefined, "ns1.lab.example.com"],
  [undefined, "ns-eu-1.lab.example.com"],
  [undefined, "pdns.lab.example.com"],
  [undefined, "wpad.lab.example.com"],
  [undefined, "annex.lab.example.com"],
  [undefined, "a\u009b.lab.example.com"],
];
const devices = ["attic", "spare", "cellar", "hall", "garage", "__proto__", undefined];
const badNames = ["notexample.com", "home.example.com.evil.org", "a.b.dyn.example.com", "dyn.example.com"];
badNames.push("home.ехample.com", "a.lab.example.com\u0000", "a\\052.lab.example.com");
badNames.push("cellar.example.com", "__proto__.lab.example.com", "", "com");
const goodIps = ["81.2.3.4", "81.2.3.5", "2600::1", "2600:0:0::2"];
const badIps = ["10.0.0.1", "192.168.1.1", "fe80::1", "::ffff:81.2.3.4", "81.2.3", "1.2.3.4/32", ""];

const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: bad });

const anyName = fc.constantFrom(...badNames, ...permitted.map(([, domain]) => domain));
const anyClaim = mostly<Claim>(
  fc.constantFrom(...permitted),
  fc.oneof(fc.constantFrom(...forbidden), fc.tuple(fc.constantFrom(...devices), anyName)),
);
/** Of a few, so that much is overruled, in one zone before and after what is said in the other. */
const crowdedClaim = fc.constantFrom<Claim>(
  ["attic", "home.example.com"],
  ["attic", "*.dyn.example.com"],
  ["spare", "home.example.com"],
);
const intentWith = (claim: fc.Arbitrary<Claim>): fc.Arbitrary<Intent> =>
  fc.record({
    ip: mostly(fc.constantFrom(...goodIps), fc.constantFrom(...badIps)),
    claim,
    request: fc.nat(3),
    // A clock that is ahead is set right now and then.
    issuedAgoMs: mostly<number | undefined>(
      fc.oneof(fc.integer({ min: -20, max: 3_000 }), fc.integer({ min: -250_000, max: -1_000 })),
      fc.constantFrom(undefined, 300_000, 300_001, -300_000, -300_001),
    ),
    ttl: fc.constantFrom(undefined, 0, 45, 200, 86_400),
    signer: mostly(fc.constant("own"), fc.constantFrom("none", "attic", "spare", "stranger")),
    hasNewKey: fc.boolean(),
    spoiling: mostly<Intent["spoiling"]>(
      fc.constant(undefined),
      fc.constantFrom("other address", "other scalar", "field twice"),
    ),
  });

/** What is put on the stream: something new, or what was there before, as it was or in another spelling. */
const sendingWith = (claim: fc.Arbitrary<Claim>) =>
  fc.record({
    intent: intentWith(claim),
    damage: mostly<Damage | undefined>(fc.constant(undefined), anyDamage),
    replayed: fc.option(fc.record({ back: fc.nat(5), isRespelt: fc.boolean() }), { freq: 3 }),
    afterMs: mostly(fc.nat(2_000), fc.nat(200_000)),
  });
type Sending = ReturnType<typeof sendingWith> extends fc.Arbitrary<infer T> ? T : never;

/** What comes in an event besides records of a stream: never, but for a mistake. */
const junk = fc.constantFrom(null, {}, { kinesis: {} }, { kinesis: { sequenceNumber: "x" } }, "x");

/** An event as the function gets it, the records in it, and the readings of all that was signed by whom it names. */
export interface FuzzedBatch {
  readonly event: { readonly Records: readonly unknown[] };
  readonly records: readonly KinesisStreamRecord[];
  readonly signed: ReadonlySet<string>;
}

function createBatch([sendings, mess]: readonly [readonly Sending[], readonly unknown[]]): FuzzedBatch {
  const signed = new Set<string>();
  const sent: string[] = [];
  let arrivedAtMs = ARRIVED_AT_MS;
  const records = sendings.flatMap(({ intent: asked, damage: harm, replayed, afterMs }, index) => {
    arrivedAtMs += afterMs;
    const earlier = replayed && sent.at(-1 - replayed.back);
    const text = earlier ?? encodeIntent(asked, arrivedAtMs, signed);
    sent.push(text);
    const { Records } = kinesisEvent([{ data: replayed?.isRespelt ? respell(text) : text, arrivedAtMs }]);
    return Records.map((record) => {
      const sequenceNumber = String(BigInt(record.kinesis.sequenceNumber) + BigInt(index));
      const data = harm ? damageData(record.kinesis.data, harm) : record.kinesis.data;
      return { ...record, kinesis: { ...record.kinesis, sequenceNumber, data: data as string } };
    });
  });
  const told = () =>
    records.map(({ kinesis }) => `${kinesis.approximateArrivalTimestamp} ${kinesis.data}`).join("\n");
  // Where there is a mess, the order is one, too.
  const Records = mess.length > 0 ? [...mess, ...records.toReversed()] : records;
  return Object.assign({ event: { Records }, records, signed }, { [fc.toStringMethod]: told });
}

/** Random events, a good part of which is in order. */
export const fuzzedBatch = fc
  .tuple(
    fc.oneof(
      ...[anyClaim, crowdedClaim].map((claim) =>
        fc.array(sendingWith(claim), { maxLength: 16, size: "max" }),
      ),
    ),
    mostly<unknown[]>(fc.constant([]), fc.array(junk, { maxLength: 2 })),
  )
  .map(createBatch);
