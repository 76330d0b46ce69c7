// What is delivered again, and what is told of it.
import { generateKeyPairSync } from "node:crypto";
import type { KinesisStreamRecord } from "aws-lambda";
import { kinesisEvent } from "../scripts/bench/lambda/event.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import { sdkError } from "../scripts/simulate/route53.ts";
import { formatPublicKey } from "./contract/signature.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { parseSettings } from "./settings.ts";

const ARRIVED_AT_MS = 1_543_618_890_885;
const settings = parseSettings({
  zones: [{ name: "example.com", id: "Z1" }],
  devices: [
    {
      name: "attic",
      domains: ["attic.example.com"],
      publicKeys: [formatPublicKey(generateKeyPairSync("ed25519").publicKey)],
    },
  ],
  unsignedDomains: ["*.open.example.com"],
});

const uuid = "00000000-0000-4000-8000-000000000000";
const open = (host: string) => JSON.stringify({ ip: "81.2.3.4", domain: `${host}.open.example.com`, uuid });
const forged = JSON.stringify({
  ip: "81.2.3.4",
  domain: "attic.example.com",
  uuid,
  device: "attic",
  issued_at: new Date(ARRIVED_AT_MS).toISOString(),
  signature: `${"A".repeat(85)}A==`,
});

/**
 * Delivers records until nothing of them is left, each time from where the handler says.
 * @param lookMs how long the nth look at the time takes; after the first, there is one before each further record
 * @param outage for how many deliveries Route 53 does not answer
 */
async function deliver(
  records: readonly KinesisStreamRecord[],
  { lookMs = () => 0, outage = 0 }: { lookMs?: (look: number) => number; outage?: number },
) {
  const clock = createVirtualClock(ARRIVED_AT_MS);
  const applied: string[] = [];
  const told: Record<string, unknown>[] = [];
  const sizes: number[] = [];
  const handler = createHandler(settings, {
    ...clock,
    pace: createPace(5, 1_000),
    random: () => 1,
    write: (lines) => told.push(...lines.map((line) => JSON.parse(line))),
    send: async ({ rrsets }) => {
      if (sizes.length <= outage) throw sdkError("ServiceUnavailable", 503);
      applied.push(...rrsets.map(({ winner }) => winner.update.fqdn));
      return "C1";
    },
  });
  let left = records;
  while (left.length > 0) {
    assert.ok(sizes.push(left.length) < 50, "expected an end of it");
    const endsAtMs = clock.now() + 60_000;
    let look = 0;
    const getRemainingTimeInMillis = () => {
      void clock.sleep(lookMs(look));
      look += 1;
      return endsAtMs - clock.now();
    };
    const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis };
    const { batchItemFailures } = await handler({ Records: left }, context);
    const from = batchItemFailures[0]?.itemIdentifier;
    const next = left.findIndex(({ kinesis }) => kinesis.sequenceNumber === from);
    left = next < 0 ? [] : left.slice(next);
  }
  return { applied, told, sizes };
}

const ofOutcome = (told: readonly Record<string, unknown>[], wanted: string) =>
  told.filter(({ outcome }) => outcome === wanted);
/** Of the documents of the function, without those of each reason. */
const sumOf = (told: readonly Record<string, unknown>[], metric: string) =>
  told
    .filter((line) => "_aws" in line && !("Reason" in line))
    .reduce((sum, line) => sum + Number(line[metric]), 0);

describe("a record that is refused", (test) => {
  test("is told and counted once, though what is before it comes again ten times", async () => {
    const { Records } = kinesisEvent([forged, open("a"), "{nope", open("b")]);
    const { applied, told, sizes } = await deliver(Records, { outage: 10 });
    assert.equal(sizes, [4, ...Array(10).fill(3)]);
    assert.equal(applied, ["a.open.example.com.", "b.open.example.com."]);
    assert.equal(
      ofOutcome(told, "refused").map(({ reason }) => reason),
      ["signature-invalid", "payload-malformed"],
    );
    assert.is(sumOf(told, "Refused"), 2);
    const summaries = ofOutcome(told, "summary").map(({ message }) => message);
    assert.equal(summaries.slice(0, 2), [
      "0 of 4 applied, 0 superseded, 1 refused, 0 failed, 3 to be retried",
      "0 of 3 applied, 0 superseded, 0 refused, 0 failed, 3 to be retried",
    ]);
    assert.is(summaries.at(-1), "2 of 3 applied, 0 superseded, 1 refused, 0 failed, 0 to be retried");
  });
});

describe("an event whose records take long to read", (test) => {
  test("is applied as far as it was read in half the time, and comes again from there", async () => {
    const hosts = Array.from({ length: 70 }, (_, index) => `h${index}`);
    const { Records } = kinesisEvent(hosts.flatMap((host) => [open(host), forged]));
    const { applied, told, sizes } = await deliver(Records, { lookMs: () => 1_000 });
    // Of 60 seconds 2 are kept to report, half of the others to apply.
    assert.equal(sizes, [140, 111, 82, 53, 24]);
    assert.equal(
      applied,
      hosts.map((host) => `${host}.open.example.com.`),
    );
    assert.is(ofOutcome(told, "refused").length, 70);
    assert.is(sumOf(told, "Refused"), 70);
    const { message, sequenceNumber, reason } = ofOutcome(told, "retry")[0] ?? {};
    assert.equal(
      { message, sequenceNumber, reason },
      {
        message: "no time was left to read 111 of the records",
        sequenceNumber: Records[29]?.kinesis.sequenceNumber,
        reason: "deadline",
      },
    );
    const summary = ofOutcome(told, "summary")[0];
    const counts = "15 of 140 applied, 0 superseded, 14 refused, 0 failed, 111 to be retried";
    assert.equal([summary?.message, summary?.retryFrom], [counts, sequenceNumber]);
  });

  test("becomes shorter by one record at least", async () => {
    const { Records } = kinesisEvent(["a", "b", "c"].map(open));
    const { sizes } = await deliver(Records, { lookMs: (look) => (look === 1 ? 40_000 : 0) });
    assert.equal(sizes, [3, 2, 1]);
  });
});
