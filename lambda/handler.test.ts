import { kinesisEvent, plainEvent, sequenceNumberAt } from "../scripts/bench/lambda/event.ts";
import { assert, describe } from "../scripts/describe.ts";
import { createVirtualClock } from "../scripts/simulate/clock.ts";
import { sdkError } from "../scripts/simulate/route53.ts";
import type { ChangeBatch } from "./change-batch.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { parseSettings, type SettingsDocument } from "./settings.ts";

const ARRIVED_AT_MS = 1_543_618_890_885;

const document: SettingsDocument = {
  zones: [
    { name: "somedomain.com", id: "Z1" },
    { name: "example.com", id: "Z2" },
  ],
  devices: [
    { name: "attic", domains: ["attic.example.com"] },
    { name: "loft", domains: ["attic.example.com"] },
  ],
  unsignedDomains: ["somedomain.com", "*.somedomain.com", "*.open.example.com"],
  heartbeatMetrics: true,
};

/** What Route 53 says to a call; undefined where it accepts. */
type Rule = (batch: ChangeBatch) => Error | undefined;

/** A handler in virtual time, 115 ms after the arrival of the records, that writes down what it does. */
function createWorld(rule: Rule = () => undefined) {
  const clock = createVirtualClock(ARRIVED_AT_MS + 115);
  const changes: string[] = [];
  const lines: string[] = [];
  const world = {
    ...clock,
    pace: createPace(5, 1000),
    random: () => 1,
    write: (written: readonly string[]) => lines.push(...written),
    send: async (batch: ChangeBatch) => {
      const error = rule(batch);
      if (error) throw error;
      for (const { winner } of batch.rrsets) {
        const { update, rrtype, ttlSeconds } = winner;
        changes.push(`${batch.zone.id} ${update.fqdn} ${ttlSeconds} ${rrtype} ${update.address.text}`);
      }
      return "C0123456789";
    },
  };
  const endsAtMs = clock.now() + 60_000;
  const context = {
    awsRequestId: "r1",
    functionName: "updater",
    getRemainingTimeInMillis: () => endsAtMs - clock.now(),
  };
  const handler = createHandler(parseSettings(document), world);
  const logged = () => lines.map((line) => JSON.parse(line));
  return { changes, lines, logged, invoke: (event: unknown) => handler(event, context) };
}

const uuidAt = (index: number) => `00000000-0000-4000-8000-00000000000${index}`;
const asking = (index: number, fields: object) =>
  JSON.stringify({ ip: "81.2.3.4", domain: "a.somedomain.com", uuid: uuidAt(index), ...fields });

describe("the handler", (test) => {
  test("applies the update of a plain record", async () => {
    const { invoke, changes, logged } = createWorld();
    assert.equal(await invoke(plainEvent), { batchItemFailures: [] });
    assert.equal(changes, ["Z1 somedomain.com. 60 A 1.2.3.4"]);
    const about = { timestamp: "2018-11-30T23:01:31.000Z", level: "INFO", requestId: "r1" };
    const [applied, summary] = logged();
    assert.equal(applied, {
      ...about,
      message: "applied",
      outcome: "applied",
      uuid: "dbd42e4c-a39c-4ac0-826a-1690e66edc7e",
      fqdn: "somedomain.com",
      type: "A",
      address: "1.2.3.4",
      ttlSeconds: 60,
      sequenceNumber: "49590637274395895188314144078341336168450725721336184834",
      changeId: "C0123456789",
      latencyMs: 115,
    });
    assert.equal(summary, {
      ...about,
      message: "1 of 1 applied, 0 superseded, 0 refused, 0 failed, 0 to be retried",
      outcome: "summary",
      records: 1,
      route53Calls: 1,
      applied: 1,
      superseded: 0,
      refused: 0,
      failed: 0,
      unapplied: 0,
      reasons: {},
      durationMs: 0,
      slowestLatencyMs: 115,
    });
  });

  test("says of every record what became of it, and applies the good ones around the poison", async () => {
    const { invoke, changes, logged } = createWorld((batch) =>
      batch.zone.id === "Z2" ? sdkError("NoSuchHostedZone", 404) : undefined,
    );
    const event = kinesisEvent([
      asking(0, {}),
      "{nope",
      asking(2, { ip: "10.0.0.1" }),
      asking(3, { domain: "attic.example.com" }),
      asking(4, { device: "attic", domain: "attic.example.com" }),
      asking(5, { ip: "81.2.3.5" }),
      asking(6, { ip: "2600::1" }),
    ]);
    assert.equal(await invoke(event), { batchItemFailures: [] });
    assert.equal(changes, ["Z1 a.somedomain.com. 60 A 81.2.3.5", "Z1 a.somedomain.com. 60 AAAA 2600::1"]);
    const told = logged()
      .filter(({ sequenceNumber }) => sequenceNumber)
      .map(({ sequenceNumber, level, outcome, reason, uuid, supersededBy }) => [
        event.Records.findIndex(({ kinesis }) => kinesis.sequenceNumber === sequenceNumber),
        `${level} ${outcome} ${reason ?? supersededBy ?? ""} ${uuid ?? ""}`.trim(),
      ])
      .toSorted();
    assert.equal(told, [
      [0, `INFO superseded ${uuidAt(5)} ${uuidAt(0)}`],
      [1, "WARN refused payload-malformed"],
      [2, "WARN refused address-not-public"],
      [3, `WARN refused name-not-allowed ${uuidAt(3)}`],
      [4, `ERROR failed NoSuchHostedZone ${uuidAt(4)}`],
      [5, `INFO applied  ${uuidAt(5)}`],
      [6, `INFO applied  ${uuidAt(6)}`],
    ]);
  });

  test("has what is not applied delivered again, from the first record about that name", async () => {
    const { invoke, changes, logged } = createWorld((batch) =>
      batch.zone.id === "Z2" ? sdkError("ServiceUnavailable", 503) : undefined,
    );
    const event = kinesisEvent([
      asking(0, {}),
      asking(1, { domain: "b.open.example.com" }),
      asking(2, { domain: "b.somedomain.com" }),
      asking(3, { domain: "b.open.example.com" }),
    ]);
    const response = await invoke(event);
    assert.equal(response, { batchItemFailures: [{ itemIdentifier: sequenceNumberAt(1) }] });
    assert.is(changes.length, 2);
    const summary = logged().find(({ outcome }) => outcome === "summary");
    assert.is(summary.message, "2 of 4 applied, 0 superseded, 0 refused, 0 failed, 2 to be retried");
    assert.is(summary.retryFrom, sequenceNumberAt(1));
    const left = logged().filter(({ outcome }) => outcome === "unapplied");
    assert.equal(
      left.map(({ uuid, level, reason, message }) => [uuid, level, reason, message]),
      [1, 3].map((index) => [
        uuidAt(index),
        "WARN",
        "ServiceUnavailable",
        'Route 53 answered 503: "ServiceUnavailable"',
      ]),
    );
  });

  test("hears the heartbeat of a device whose update was accepted", async () => {
    const { invoke, logged } = createWorld();
    await invoke(kinesisEvent([asking(0, { device: "attic", domain: "attic.example.com" }), asking(1, {})]));
    const heartbeats = logged().filter((line) => "Heartbeat" in line);
    assert.equal(
      heartbeats.map(({ Device }) => Device),
      ["attic"],
    );
  });

  test("hears the heartbeats of two devices of one name, though only one of them wins", async () => {
    const { invoke, logged } = createWorld();
    const fields = { domain: "attic.example.com" };
    await invoke(
      kinesisEvent([asking(0, { ...fields, device: "attic" }), asking(1, { ...fields, device: "loft" })]),
    );
    const heartbeats = logged().filter((line) => "Heartbeat" in line);
    assert.equal(heartbeats.map(({ Device }) => Device).toSorted(), ["attic", "loft"]);
  });

  test("tells no latency below nothing where the clock of Kinesis is ahead", async () => {
    const { invoke, logged } = createWorld();
    await invoke(kinesisEvent([{ data: asking(0, {}), arrivedAtMs: ARRIVED_AT_MS + 5_000 }]));
    const applied = logged().find(({ outcome }) => outcome === "applied");
    const metrics = logged().find((line) => "ArrivalToAcceptance" in line);
    assert.equal([applied.latencyMs, metrics.ArrivalToAcceptance], [0, [0]]);
  });

  for (const event of [undefined, {}, { Records: "x" }, { Records: [{ Sns: {} }] }]) {
    test(`answers ${JSON.stringify(event)}, which is no event of a stream, with a line in the log`, async () => {
      const { invoke, logged } = createWorld();
      assert.equal(await invoke(event), { batchItemFailures: [] });
      const [line] = logged();
      assert.equal(
        [line.level, line.message, line.reason],
        ["ERROR", "expected Kinesis records, found 1 that are none", "event-malformed"],
      );
    });
  }

  test("lets no text from outside forge a line of the log, or anything but ASCII into it", async () => {
    const evil = '\r\n{"level":"INFO","outcome":"applied"}\u2028\u202e\u001b[2J\u0000é"\\';
    const { invoke, lines } = createWorld(() =>
      Object.assign(sdkError("InvalidInput", 400), { message: evil }),
    );
    const fields = ["ip", "domain", "uuid", "device", "issued_at", "ttl", "signature", evil];
    const payloads = fields.map((field) => asking(0, { [field]: evil }));
    payloads.push(evil, JSON.stringify(evil), `{"${JSON.stringify(evil).slice(1, -1)}":1,"a":1,"a":2}`);
    await invoke(kinesisEvent([...payloads, asking(1, {})]));
    for (const line of lines) assert.match(line, /^\{[\x20-\x7e]+\}$/);
    const outcomes = lines.map((line) => JSON.parse(line).outcome);
    // The unknown field is ignored, so two updates reach Route 53, which refuses them.
    assert.equal(outcomes.toSorted(), [
      "failed",
      "failed",
      ...payloads.slice(1).map(() => "refused"),
      "summary",
      ...Array.from({ length: outcomes.length - payloads.length - 2 }, () => undefined),
    ]);
  });
});
