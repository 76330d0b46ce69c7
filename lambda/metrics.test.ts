import { assert, describe } from "../scripts/describe.ts";
import { metricDocuments } from "./metrics.ts";
import type { Summary } from "./summary.ts";

const summary: Summary = {
  records: 9,
  applied: 2,
  superseded: 1,
  refused: 3,
  failed: 1,
  unapplied: 2,
  refusedByReason: new Map([
    ["payload-malformed", 2],
    ["signature-invalid", 1],
  ]),
  route53Calls: 4,
  latenciesMs: [120, 80],
  devices: new Set(["attic"]),
};
const options = { functionName: "updater", nowMs: 1_543_618_891_000, hasHeartbeats: true };

const directive = (dimensions: string[], metrics: { Name: string; Unit: string }[]) => ({
  Timestamp: 1_543_618_891_000,
  CloudWatchMetrics: [{ Namespace: "UpdateRoute53", Dimensions: [dimensions], Metrics: metrics }],
});
const counts = ["Applied", "Superseded", "Refused", "Failed", "Unapplied", "Route53Calls"];
const countMetrics = counts.map((Name) => ({ Name, Unit: "Count" }));

describe("metricDocuments", (test) => {
  test("has a document for the function, one for each reason and one for each device", () => {
    assert.equal(metricDocuments(summary, options), [
      {
        _aws: directive(
          ["FunctionName"],
          [...countMetrics, { Name: "ArrivalToAcceptance", Unit: "Milliseconds" }],
        ),
        FunctionName: "updater",
        Applied: 2,
        Superseded: 1,
        Refused: 3,
        Failed: 1,
        Unapplied: 2,
        Route53Calls: 4,
        ArrivalToAcceptance: [80, 120],
      },
      {
        _aws: directive(["FunctionName", "Reason"], [{ Name: "Refused", Unit: "Count" }]),
        FunctionName: "updater",
        Reason: "payload-malformed",
        Refused: 2,
      },
      {
        _aws: directive(["FunctionName", "Reason"], [{ Name: "Refused", Unit: "Count" }]),
        FunctionName: "updater",
        Reason: "signature-invalid",
        Refused: 1,
      },
      {
        _aws: directive(["FunctionName", "Device"], [{ Name: "Heartbeat", Unit: "Count" }]),
        FunctionName: "updater",
        Device: "attic",
        Heartbeat: 1,
      },
    ]);
  });

  test("has no heartbeats where they are not wanted", () => {
    const documents = metricDocuments(summary, { ...options, hasHeartbeats: false });
    assert.is(documents.length, 3);
  });

  test("has no latency where nothing was applied", () => {
    const [first] = metricDocuments({ ...summary, applied: 0, latenciesMs: [] }, options);
    assert.equal(first && "ArrivalToAcceptance" in first, false);
  });

  test("spreads thousands of latencies over the hundred values that a document may have", () => {
    const latenciesMs = Array.from({ length: 10_000 }, (_, index) => 10_000 - index);
    const [first] = metricDocuments({ ...summary, applied: 10_000, latenciesMs }, options);
    const { ArrivalToAcceptance: values } = first as { ArrivalToAcceptance: number[] };
    assert.is(values.length, 100);
    assert.equal([values[0], values.at(-1)], [1, 10_000]);
    assert.ok(Math.abs((values[50] ?? 0) - 5_000) < 100);
  });
});
