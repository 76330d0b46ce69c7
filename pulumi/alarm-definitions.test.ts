import { metricDocuments } from "../lambda/metrics.ts";
import { createTally } from "../lambda/summary.ts";
import { assert, describe } from "../scripts/describe.ts";
import { alarmDefinitions } from "./alarm-definitions.ts";
import { settingsOf } from "./settings-fixture.ts";

const ofFunction = { FunctionName: "s" };

/** Each alarm: metric, dimensions, and when it goes off. */
const ALARMS: readonly (readonly [name: string, metric: string, dimensions: object, condition: string])[] = [
  ["iterator-age", "AWS/Lambda IteratorAge", ofFunction, "Maximum > 60000, 5 of 60 s, notBreaching"],
  ["errors", "AWS/Lambda Errors", ofFunction, "Sum > 0, 1 of 300 s, notBreaching"],
  ["throttles", "AWS/Lambda Throttles", ofFunction, "Sum > 0, 1 of 300 s, notBreaching"],
  ["failed", "UpdateRoute53 Failed", ofFunction, "Sum > 0, 1 of 300 s, notBreaching"],
  ["refused", "UpdateRoute53 Refused", ofFunction, "Sum > 100, 1 of 300 s, notBreaching"],
  [
    "dead-letters",
    "AWS/SQS ApproximateNumberOfMessagesVisible",
    { QueueName: "s-failures" },
    "Maximum > 0, 1 of 300 s, notBreaching",
  ],
  [
    "write-throttling",
    "AWS/Kinesis WriteProvisionedThroughputExceeded",
    { StreamName: "s" },
    "Sum > 0, 1 of 300 s, notBreaching",
  ],
  [
    "silent-attic",
    "UpdateRoute53 Heartbeat",
    { ...ofFunction, Device: "attic" },
    "Sum < 1, 48 of 3600 s, breaching",
  ],
  [
    "silent-shed",
    "UpdateRoute53 Heartbeat",
    { ...ofFunction, Device: "shed" },
    "Sum < 1, 48 of 3600 s, breaching",
  ],
];

const alarms = alarmDefinitions(settingsOf({ streamName: "s", silentDeviceHours: 48 }));

describe("the alarms", (test) => {
  test("watch everything that can go wrong, and every device", () => {
    const found = alarms.map(({ name, description: _, namespace, metricName, dimensions, ...condition }) => {
      const { statistic, comparisonOperator, threshold, ...time } = condition;
      const sign = { GreaterThanThreshold: ">", LessThanThreshold: "<" }[comparisonOperator];
      const { period, evaluationPeriods, treatMissingData, ...others } = time;
      assert.equal(others, {});
      const when = `${evaluationPeriods} of ${period} s, ${treatMissingData}`;
      return [name, `${namespace} ${metricName}`, dimensions, `${statistic} ${sign} ${threshold}, ${when}`];
    });
    assert.equal(found, ALARMS);
  });

  test("say what is the matter", () => {
    assert.equal(
      alarms.map(({ description }) => description),
      [
        "Updates wait on the stream for more than a minute, five minutes long",
        "The function fails",
        "Lambda does not start the function",
        "Route 53 refuses updates for good: see the log for the reason",
        "Many updates are refused, each at the cost of a line in the log: see there whose, and why",
        "Updates were given up: the message says which part of the stream they are in",
        "The stream refuses updates: it needs another shard, or a device sends without end",
        "Nothing was heard of attic for 48 hours",
        "Nothing was heard of shed for 48 hours",
      ],
    );
  });

  test("watch metrics that the function reports", () => {
    const tally = createTally();
    const counts = tally.summarize({ records: 1, route53Calls: 0 });
    const summary = { ...counts, devices: new Set(["attic"]) };
    const options = { functionName: "s", nowMs: 0, hasHeartbeats: true };
    const reported = JSON.stringify(metricDocuments(summary, options));
    for (const { namespace, metricName, dimensions } of alarms) {
      if (namespace !== "UpdateRoute53") continue;
      const metric = `"Dimensions":[${JSON.stringify(Object.keys(dimensions))}],"Metrics":[`;
      const [, metrics = ""] = reported.split(metric);
      assert.ok(metrics.split("]")[0]?.includes(`{"Name":"${metricName}"`), `${metricName} in ${reported}`);
    }
  });

  test("look back no further than CloudWatch does: a day, with periods of an hour seven", () => {
    const longest = settingsOf({ silentDeviceHours: 168 });
    for (const { name, period, evaluationPeriods } of alarmDefinitions(longest)) {
      assert.ok(period * evaluationPeriods <= (period < 3_600 ? 1 : 7) * 86_400, name);
    }
  });

  test("leave devices alone where that is wanted", () => {
    const names = (silentDeviceHours: number) =>
      alarmDefinitions(settingsOf({ silentDeviceHours })).map(({ name }) => name);
    const all = ALARMS.map(([name]) => name);
    assert.equal(names(0), all.slice(0, 7));
    assert.equal(names(26), all);
  });
});
