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
        ArrivalToAcceptance: [120, 80],
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

  test("has every one of thousands of latencies, a hundred in a document, which is all that one may have", () => {
    const latenciesMs = Array.from({ length: 9_950 }, (_, index) => index);
    const documents = metricDocuments({ ...summary, applied: 9_950, latenciesMs }, options);
    const ofFunction = documents.slice(0, 100) as { ArrivalToAcceptance: number[]; Applied?: number }[];
    assert.equal(
      ofFunction.flatMap(({ ArrivalToAcceptance }) => ArrivalToAcceptance),
      latenciesMs,
    );
    assert.ok(ofFunction.every(({ ArrivalToAcceptance }) => ArrivalToAcceptance.length <= 100));
    assert.is(ofFunction.filter((document) => "Applied" in document).length, 1);
    assert.equal(ofFunction[99], {
      _aws: directive(["FunctionName"], [{ Name: "ArrivalToAcceptance", Unit: "Milliseconds" }]),
      FunctionName: "updater",
      ArrivalToAcceptance: latenciesMs.slice(9_900),
    });
    assert.is(documents.length, 100 + 3);
  });

  test("has no latency below nothing", () => {
    const [first] = metricDocuments({ ...summary, latenciesMs: [-20, 5] }, options);
    assert.equal((first as { ArrivalToAcceptance: number[] }).ArrivalToAcceptance, [0, 5]);
  });
});
