import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { assert, describe } from "../../describe.ts";
import {
  accessDenied,
  internalFailure,
  noSuchHostedZone,
  priorRequestNotComplete,
  serviceUnavailable,
  throttling,
} from "./error.ts";
import { createFaults, type Fault } from "./fault.ts";
import { type Route53, startRoute53 } from "./server.ts";

interface Attempt {
  readonly outcome: string;
  readonly isApplied: boolean;
  readonly calls: number;
}

function clientOf({ url }: Route53, maxAttempts: number): Route53Client {
  const credentials = { accessKeyId: "AKIDLOCAL", secretAccessKey: "secret" };
  return new Route53Client({ endpoint: url, region: "us-east-1", maxAttempts, credentials });
}

/** Sends one change under the faults; says what the SDK made of it and whether the change was made. */
async function attempt(faults: readonly Fault[], maxAttempts = 1): Promise<Attempt> {
  const route53 = await startRoute53({ zones: [{ name: "example.com", id: "Z1" }] });
  for (const fault of faults) route53.faults.add(fault);
  const client = clientOf(route53, maxAttempts);
  const ResourceRecordSet = {
    Name: "h.example.com",
    Type: "A" as const,
    TTL: 60,
    ResourceRecords: [{ Value: "192.0.2.1" }],
  };
  const ChangeBatch = { Changes: [{ Action: "UPSERT" as const, ResourceRecordSet }] };
  const outcome = await client
    .send(new ChangeResourceRecordSetsCommand({ HostedZoneId: "Z1", ChangeBatch }))
    .then(
      ({ $metadata }) => `${$metadata.httpStatusCode}`,
      ({ name, message, code, $metadata }) => `${$metadata.httpStatusCode ?? code} ${name}: ${message}`,
    );
  client.destroy();
  await route53.close();
  const isApplied =
    route53.store.zonesByName.get("example.com.")?.accepted.rrsetsByName.has("h.example.com.") ?? false;
  assert.is(route53.faults.pending(), 0);
  return { outcome, isApplied, calls: route53.calls.length };
}

describe("a fault in the local Route 53", (test) => {
  const strikes: readonly (readonly [Fault, string])[] = [
    [{ error: throttling() }, "400 Throttling: Rate exceeded"],
    [
      { error: priorRequestNotComplete() },
      "400 PriorRequestNotComplete: The request was rejected because Route 53 was still processing a prior request.",
    ],
    [
      { error: internalFailure() },
      "500 InternalFailure: The request processing has failed because of an unknown error, exception or failure.",
    ],
    [
      { error: serviceUnavailable() },
      "503 ServiceUnavailable: The request has failed due to a temporary failure of the server.",
    ],
    [{ error: accessDenied("denied") }, "403 AccessDenied: denied"],
    [{ error: noSuchHostedZone("Z1") }, "404 NoSuchHostedZone: No hosted zone found with ID: Z1"],
  ];
  for (const [fault, outcome] of strikes) {
    test(`is met by the SDK as ${outcome}`, async () => {
      assert.equal(await attempt([fault]), { outcome, isApplied: false, calls: 1 });
      assert.equal(await attempt([{ ...fault, afterApplying: true }]), {
        outcome,
        isApplied: true,
        calls: 1,
      });
    });
  }

  test("cuts the connection, before or after the change is made", async () => {
    for (const afterApplying of [false, true]) {
      const { outcome, ...rest } = await attempt([{ reset: true, afterApplying }]);
      assert.is(outcome, "ECONNRESET TimeoutError: read ECONNRESET");
      assert.equal(rest, { isApplied: afterApplying, calls: 1 });
    }
  });

  test("is spent once, so that the SDK's own retry gets through", async () => {
    assert.equal(await attempt([{ error: throttling() }], 2), { outcome: "200", isApplied: true, calls: 2 });
    assert.equal(await attempt([{ reset: true }], 2), { outcome: "200", isApplied: true, calls: 2 });
  });

  test("delays a call, and closing does not wait for it", async () => {
    const route53 = await startRoute53({ zones: [] });
    const client = clientOf(route53, 1);
    route53.faults.add({ delayMs: 3_600_000 }, { when: () => true });
    const call = client.send(new ListHostedZonesCommand({})).catch((error: Error) => error);
    while (route53.faults.pending() > 0) await new Promise((resolve) => setImmediate(resolve));
    const pending = Symbol("pending");
    assert.is(await Promise.race([call, new Promise((resolve) => setImmediate(resolve, pending))]), pending);
    await route53.close();
    client.destroy();
    assert.instance(await call, Error);
    assert.equal(await attempt([{ delayMs: 1 }]), { outcome: "200", isApplied: true, calls: 1 });
  });
});

describe("the queue of faults", (test) => {
  test("strikes in order, as often as told, and only those it is meant for", () => {
    const faults = createFaults<string>();
    faults.add({ delayMs: 1 }, { times: 2 });
    faults.add({ delayMs: 2 }, { when: (call) => call === "b" });
    faults.add({ delayMs: 3 }, { times: Number.POSITIVE_INFINITY, when: (call) => call === "c" });
    assert.equal(
      ["a", "b", "a", "b", "b", "c", "c"].map((call) => faults.take(call)?.delayMs),
      [1, 1, undefined, 2, undefined, 3, 3],
    );
    faults.clear();
    assert.is(faults.take("c"), undefined);
    assert.is(faults.pending(), 0);
  });
});
