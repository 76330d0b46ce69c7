import { metricDocuments } from "../lambda/metrics.ts";
import { createTally } from "../lambda/summary.ts";
import { assert, describe } from "../scripts/describe.ts";
import { alarmDefinitions } from "./alarm-definitions.ts";
import { dashboardBody } from "./dashboard-body.ts";
import { settingsOf } from "./settings-fixture.ts";

const settings = settingsOf({ streamName: "s", silentDeviceHours: 48 });
const alarms = alarmDefinitions(settings);
const body = dashboardBody({ region: "eu-west-1", streamName: "s", alarmArns: ["arn:a", "arn:b"] });

/** What the function really reports, as `metric dimension,dimension`. */
function reportedMetrics(): string[] {
  const tally = createTally();
  tally.refuse("device-unknown", 1);
  const summary = {
    ...tally.summarize({ records: 1, route53Calls: 0 }),
    applied: 1,
    devices: new Set(["attic"]),
  };
  const documents = metricDocuments(summary, { functionName: "s", nowMs: 0, hasHeartbeats: true });
  return documents.flatMap((document) => {
    const { _aws } = document as {
      _aws: { CloudWatchMetrics: [{ Dimensions: [string[]]; Metrics: { Name: string }[] }] };
    };
    const [{ Dimensions, Metrics }] = _aws.CloudWatchMetrics;
    return Metrics.map(({ Name }) => `${Name} ${Dimensions[0].join()}`);
  });
}

describe("the alarms", (test) => {
  test("watch everything that can go wrong, and every device", () => {
    assert.equal(
      alarms.map(({ name, metricName, dimensions }) => [name, metricName, dimensions]),
      [
        ["iterator-age", "IteratorAge", { FunctionName: "s" }],
        ["errors", "Errors", { FunctionName: "s" }],
        ["throttles", "Throttles", { FunctionName: "s" }],
        ["failed", "Failed", { FunctionName: "s" }],
        ["dead-letters", "ApproximateNumberOfMessagesVisible", { QueueName: "s-failures" }],
        ["write-throttling", "WriteProvisionedThroughputExceeded", { StreamName: "s" }],
        ["silent-attic", "Heartbeat", { FunctionName: "s", Device: "attic" }],
        ["silent-shed", "Heartbeat", { FunctionName: "s", Device: "shed" }],
      ],
    );
  });

  test("watch metrics that the function reports", () => {
    const reported = reportedMetrics();
    for (const { namespace, metricName, dimensions } of alarms) {
      if (namespace !== "UpdateRoute53") continue;
      const metric = `${metricName} ${Object.keys(dimensions).join()}`;
      assert.ok(reported.includes(metric), `${metric} is none of ${reported.join("; ")}`);
    }
  });

  test("take silence for trouble of a device only", () => {
    const silent = alarms.filter(({ treatMissingData }) => treatMissingData === "breaching");
    assert.equal(
      silent.map(({ name, period, evaluationPeriods, threshold, comparisonOperator }) => {
        return [name, period * evaluationPeriods, threshold, comparisonOperator];
      }),
      [
        ["silent-attic", 48 * 3_600, 1, "LessThanThreshold"],
        ["silent-shed", 48 * 3_600, 1, "LessThanThreshold"],
      ],
    );
  });

  test("look back no further than CloudWatch does: a day, with periods of an hour seven", () => {
    const longest = settingsOf({ silentDeviceHours: 168 });
    for (const { name, period, evaluationPeriods } of alarmDefinitions(longest)) {
      assert.ok(period * evaluationPeriods <= (period < 3_600 ? 1 : 7) * 86_400, name);
    }
  });

  test("leave devices alone where that is wanted", () => {
    const names = alarmDefinitions(settingsOf({ silentDeviceHours: 0 })).map(({ name }) => name);
    assert.not(names.some((name) => name.startsWith("silent")));
  });
});

describe("the dashboard", (test) => {
  const { widgets } = JSON.parse(body);

  test("shows alarms, updates, reasons, latency, age, and the addresses of devices", () => {
    assert.equal(
      widgets.map(
        ({ type, properties }: { type: string; properties: { title: string } }) =>
          `${type} ${properties.title}`,
      ),
      [
        "alarm Alarms",
        "metric Updates",
        "metric Refused, by reason",
        "metric From arrival to acceptance by Route 53 (ms)",
        "metric Age of the oldest update read (ms)",
        "metric Stream",
        "metric Function",
        "log Address changes: how many addresses each name has had",
        "log Latest refusals",
      ],
    );
    assert.equal(widgets[0].properties.alarms, ["arn:a", "arn:b"]);
    assert.match(
      widgets[7].properties.query,
      /^SOURCE '\/aws\/lambda\/s' \| filter outcome = "applied" \| stats /,
    );
  });

  test("shows metrics that the function reports", () => {
    const reported = reportedMetrics();
    const metrics = widgets.flatMap(
      ({ properties }: { properties: { metrics?: string[][] } }) => properties.metrics ?? [],
    );
    const ours = metrics.filter(([namespace]: string[]) => namespace === "UpdateRoute53");
    assert.is(ours.length, 8);
    for (const [, metric, dimension] of ours) assert.ok(reported.includes(`${metric} ${dimension}`), metric);
    const [{ expression }] = widgets[2].properties.metrics[0];
    assert.is(
      expression,
      `SEARCH('{UpdateRoute53,FunctionName,Reason} MetricName="Refused" FunctionName="s"', 'Sum', 300)`,
    );
    assert.ok(reported.includes("Refused FunctionName,Reason"));
  });

  test("has no widget on top of another, and none beyond the edge", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets) {
      assert.ok(x + width <= 24);
      for (let column = x; column < x + width; column += 1) {
        for (let row = y; row < y + height; row += 1) {
          assert.not(taken.has(`${column} ${row}`), `${column} ${row}`);
          taken.add(`${column} ${row}`);
        }
      }
    }
  });
});
