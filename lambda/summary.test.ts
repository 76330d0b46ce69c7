import { generateKeyPairSync } from "node:crypto";
import { kinesisEvent } from "../scripts/bench/lambda/event.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import { batchOf, sdkError, zoneNamed } from "../scripts/simulate/route53.ts";
import { NO_TIME } from "./apply.ts";
import { parseAddress } from "./contract/address.ts";
import { parseFqdn } from "./contract/fqdn.ts";
import { encodeAddressUpdate } from "./contract/payload.ts";
import { formatPublicKey, signAddressUpdate } from "./contract/signature.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { type Failure, readFailure } from "./route53-failure.ts";
import { parseSettings } from "./settings.ts";
import { createTally } from "./summary.ts";

const batch = batchOf(zoneNamed("one"), 2);
const throttling = readFailure(sdkError("Throttling", 400));
const outage = readFailure(sdkError("ServiceUnavailable", 503));
const gone = readFailure(sdkError("NoSuchHostedZone", 404));

describe("a tally", (test) => {
  const cases: [left: Failure, settled: "applied" | "failed" | "nothing", isCutShort: boolean][] = [
    [NO_TIME, "applied", true],
    [NO_TIME, "failed", true],
    [NO_TIME, "nothing", false],
    [throttling, "applied", true],
    [throttling, "failed", true],
    [throttling, "nothing", false],
    [outage, "applied", false],
  ];
  for (const [failure, settled, isCutShort] of cases) {
    test(`finds it ${isCutShort} that ${settled} and ${failure.reason} is an event cut short`, () => {
      const tally = createTally();
      if (settled === "applied") tally.settle({ kind: "applied", batch, changeId: "C1", atMs: 1 });
      if (settled === "failed") tally.settle({ kind: "failed", batch, failure: gone });
      tally.settle({ kind: "unapplied", batch, failure });
      assert.is(tally.isCutShort(), isCutShort);
    });
  }
});

const ARRIVED_AT_MS = 1_543_618_890_885;
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const domains = ["a", "b", "c", "d"].map((name) => `${name}.test`);
const settings = parseSettings({
  zones: domains.map((name, index) => ({ name, id: `Z${index}` })),
  devices: [{ name: "attic", domains: ["a.test"], publicKeys: [formatPublicKey(publicKey)] }],
  unsignedDomains: domains.slice(1),
});

function update(domain: string, agoMs?: number) {
  const uuid = "70e3e22a-e50e-4770-89ae-6f1d95da9b44";
  const plain = { fqdn: parseFqdn(domain), address: parseAddress("81.2.3.4"), uuid };
  if (agoMs === undefined) return encodeAddressUpdate(plain);
  const issuedAt = new Date(ARRIVED_AT_MS - agoMs).toISOString();
  return encodeAddressUpdate(signAddressUpdate({ ...plain, device: "attic", issuedAt }, privateKey));
}

describe("an event of which an account that is throttled takes two calls a delivery", (test) => {
  test("becomes shorter by every delivery, though its first update overruled its last one", async () => {
    const data = [
      update("a.test", 0),
      ...domains.slice(1).map((domain) => update(domain)),
      update("a.test", 5_000),
    ];
    const clock = createVirtualClock(ARRIVED_AT_MS);
    let callsLeft = 0;
    const send = async () => {
      callsLeft -= 1;
      if (callsLeft < 0) throw sdkError("Throttling", 400);
      return "C1";
    };
    const world = { ...clock, send, pace: createPace(5, 1_000), random: () => 1, write: () => {} };
    const handler = createHandler(settings, world);
    let left = kinesisEvent(data.map((payload) => ({ data: payload }))).Records;
    for (let delivery = 0; left.length > 0; delivery += 1) {
      callsLeft = 2;
      const endsAtMs = clock.now() + 10_000;
      const getRemainingTimeInMillis = () => endsAtMs - clock.now();
      const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis };
      const { batchItemFailures } = await handler({ Records: left }, context);
      const from = batchItemFailures[0]?.itemIdentifier;
      const next = left.findIndex(({ kinesis }) => kinesis.sequenceNumber === from);
      assert.ok(next !== 0, `delivery ${delivery} did not move on`);
      left = next < 0 ? [] : left.slice(next);
    }
  });
});
