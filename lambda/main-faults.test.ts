// The bundle that is deployed, in AWS's own runtime client, against a local Route 53 that fails in every way.
import { kinesisEvent, sequenceNumberAt } from "../scripts/bench/lambda/event.ts";
import { type DeployedBundle, deployBundle, outcomesIn } from "../scripts/bench/lambda/harness.ts";
import { assert, describe } from "../scripts/describe.ts";
import {
  accessDenied,
  priorRequestNotComplete,
  serviceUnavailable,
  throttling,
} from "../scripts/local/route53/error.ts";
import type { Route53Call } from "../scripts/local/route53/server.ts";
import { submitChangeBatch } from "../scripts/local/route53/store.ts";

const zones = Array.from({ length: 12 }, (_, index) => ({ name: `z${index}.test`, id: `Z${index}` }));
const denied = { name: "denied.test", id: "ZDENIED" };
const settings = {
  zones: [...zones, denied, { name: "gone.test", id: "ZGONE" }],
  unsignedDomains: [...zones.map(({ name }) => name), "*.z0.test", "*.denied.test", "*.gone.test"],
};
const asking = (domain: string, ip = "81.2.3.4") =>
  JSON.stringify({ ip, domain, uuid: "70e3e22a-e50e-4770-89ae-6f1d95da9b44" });
const isFor =
  (zoneId: string) =>
  ({ hostedZoneId }: Route53Call) =>
    hostedZoneId === zoneId;
const times = (count: number, outcome: string) => Array.from({ length: count }, () => outcome);
const NO_FAILURES = { batchItemFailures: [] };

let deployed: DeployedBundle;

describe("the bundle in Lambda's runtime client, when Route 53 fails,", (test) => {
  test.before(async () => {
    const beforeCall = (call: Route53Call) => {
      if (isFor("ZDENIED")(call)) throw accessDenied("User: updater is not authorized");
    };
    deployed = await deployBundle(settings, { zones: [...zones, denied], beforeCall, callsPerSecond: 5 });
  });
  test.after(() => deployed?.close());

  test("sinks only the name that it refuses", async () => {
    const cname = {
      Name: "n3.z0.test.",
      Type: "CNAME" as const,
      TTL: 60,
      ResourceRecords: [{ Value: "a.test." }],
    };
    const changeBatch = { Changes: [{ Action: "UPSERT" as const, ResourceRecordSet: cname }] };
    submitChangeBatch(deployed.route53.store, { id: "Z0", changeBatch, nowMs: 0 });
    const names = Array.from({ length: 10 }, (_, index) => `n${index}.z0.test`);
    const invoked = await deployed.invoke(kinesisEvent(names.map((name) => asking(name))));
    assert.equal(invoked.answer, NO_FAILURES);
    const failed = outcomesIn(invoked).filter((text) => text.startsWith("failed"));
    assert.equal(failed, ["failed InvalidChangeBatch n3.z0.test"]);
    const empty = names.filter((name) => deployed.heldBy("Z0", `${name}.`).length === 0);
    assert.equal(empty, ["n3.z0.test"]);
    assert.is(invoked.calls.length, 3);
  });

  test("gives up the names of a zone that is denied or gone, and applies the others", async () => {
    const event = kinesisEvent([asking("a.denied.test"), asking("a.gone.test"), asking("z1.test")]);
    const invoked = await deployed.invoke(event);
    assert.equal(invoked.answer, NO_FAILURES);
    assert.equal(outcomesIn(invoked), [
      "failed AccessDenied a.denied.test",
      "failed NoSuchHostedZone a.gone.test",
      "applied z1.test",
    ]);
  });

  test("gets through throttling, a busy zone, an outage and lost connections", async () => {
    const errors = [throttling(), priorRequestNotComplete(), serviceUnavailable()];
    const cuts = [{ reset: true }, { reset: true, afterApplying: true }];
    for (const fault of [...errors.map((error) => ({ error })), ...cuts]) deployed.route53.faults.add(fault);
    const names = [2, 3, 4, 5, 6].map((index) => `z${index}.test`);
    const { answer, calls, told } = await deployed.invoke(
      kinesisEvent(names.map((name) => asking(name, "81.2.3.7"))),
    );
    assert.equal(answer, NO_FAILURES);
    for (const index of [2, 3, 4, 5, 6]) {
      assert.equal(deployed.heldBy(`Z${index}`, `z${index}.test.`), ["60 A 81.2.3.7"]);
    }
    assert.is(calls.length, 10);
    const outcomes = told.map(({ outcome }) => outcome).toSorted();
    assert.equal(outcomes, [...times(5, "applied"), ...times(5, "retry"), "summary"]);
  });

  test("stays under the account's five calls a second", async () => {
    const { answer, told } = await deployed.invoke(kinesisEvent(zones.map(({ name }) => asking(name))));
    assert.equal(answer, NO_FAILURES);
    // The local Route 53 throttles the sixth call of a second.
    const outcomes = told.map(({ outcome }) => outcome);
    assert.equal(outcomes, [...times(12, "applied"), "summary"]);
  });

  test("answers in time, with what to deliver again, when it stays away", async () => {
    const { faults } = deployed.route53;
    faults.add({ error: serviceUnavailable() }, { times: Number.POSITIVE_INFINITY, when: isFor("Z5") });
    const event = kinesisEvent([asking("z3.test"), asking("z5.test"), asking("z4.test")]);
    const invoked = await deployed.invoke(event, { timeoutMs: 3_500 });
    faults.clear();
    assert.equal(invoked.answer, { batchItemFailures: [{ itemIdentifier: sequenceNumberAt(1) }] });
    assert.equal(outcomesIn(invoked).toSorted(), [
      "applied z3.test",
      "applied z4.test",
      "unapplied ServiceUnavailable z5.test",
    ]);
  });

  test("cuts off a call that hangs, and answers in time", async () => {
    deployed.route53.faults.add({ delayMs: 60_000 });
    const { answer } = await deployed.invoke(kinesisEvent([asking("z6.test")]), { timeoutMs: 3_500 });
    assert.equal(answer, { batchItemFailures: [{ itemIdentifier: sequenceNumberAt(0) }] });
  });
});
