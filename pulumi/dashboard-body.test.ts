import { metricDocuments } from "../lambda/metrics.ts";
import { createTally } from "../lambda/summary.ts";
import { assert, describe } from "../scripts/describe.ts";
import { dashboardBody } from "./dashboard-body.ts";

interface Placed {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly query?: string;
  };
}

const arns = (count: number) => Array.from({ length: count }, (_, n) => `arn:alarm:${n}`);

function widgetsWith(alarms: number): Placed[] {
  const body = dashboardBody({ region: "eu-west-1", streamName: "s", alarmArns: arns(alarms) });
  return JSON.parse(body).widgets;
}

const ours = (metric: string, stat: string) => ["UpdateRoute53", metric, "FunctionName", "s", { stat }];
const lambda = (metric: string, stat: string) => ["AWS/Lambda", metric, "FunctionName", "s", { stat }];
const kinesis = (metric: string) => ["AWS/Kinesis", metric, "StreamName", "s", { stat: "Sum" }];

const GRAPHS: readonly (readonly [title: string, metrics: readonly unknown[]])[] = [
  ["Updates", ["Applied", "Superseded", "Refused", "Failed"].map((metric) => ours(metric, "Sum"))],
  [
    "Refused, by reason",
    [
      [
        {
          expression: `SEARCH('{UpdateRoute53,FunctionName,Reason} MetricName="Refused" FunctionName="s"', 'Sum', 300)`,
          id: "reasons",
          label: "",
        },
      ],
    ],
  ],
  [
    "From arrival to acceptance by Route 53 (ms)",
    ["p50", "p99", "Maximum"].map((stat) => ours("ArrivalToAcceptance", stat)),
  ],
  ["Age of the oldest update read (ms)", [lambda("IteratorAge", "Maximum")]],
  ["Stream", ["IncomingRecords", "WriteProvisionedThroughputExceeded"].map(kinesis)],
  [
    "Function",
    [
      ...["Invocations", "Errors", "Throttles"].map((metric) => lambda(metric, "Sum")),
      ours("Route53Calls", "Sum"),
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "s-failures", { stat: "Maximum" }],
    ],
  ],
];

const TABLES = [
  [
    "By device and name: different addresses, and updates applied, a daily refresh of the same address included",
    `SOURCE '/aws/lambda/s' | filter outcome = "applied" | stats count_distinct(address) as addresses, count(*) as updates, latest(address) as address, max(@timestamp) as lastUpdate by device, fqdn, type | sort updates desc`,
  ],
  [
    "Latest refusals",
    `SOURCE '/aws/lambda/s' | fields @timestamp, reason, device, fqdn, message | filter outcome in ["refused", "failed"] | sort @timestamp desc | limit 20`,
  ],
];

/** What the function really reports, as `metric dimension,dimension`. */
function reportedMetrics(): string[] {
  const tally = createTally();
  tally.refuse("device-unknown", 1);
  const summary = { ...tally.summarize({ records: 1, route53Calls: 0 }), applied: 1, latenciesMs: [1] };
  const documents = metricDocuments(summary, { functionName: "s", nowMs: 0, hasHeartbeats: true });
  return documents.flatMap((document) => {
    const { _aws } = document as {
      _aws: { CloudWatchMetrics: [{ Dimensions: [string[]]; Metrics: { Name: string }[] }] };
    };
    const [{ Dimensions, Metrics }] = _aws.CloudWatchMetrics;
    return Metrics.map(({ Name }) => `${Name} ${Dimensions[0].join()}`);
  });
}

describe("the dashboard", (test) => {
  const [alarms, ...others] = widgetsWith(8);

  test("begins with the alarms", () => {
    const place = { x: 0, y: 0, width: 24, height: 6 };
    assert.equal(alarms, { type: "alarm", ...place, properties: { title: "Alarms", alarms: arns(8) } });
  });

  test("shows updates, reasons, latency and age, two graphs in a row", () => {
    const expected = GRAPHS.map(([title, metrics], index) => ({
      type: "metric",
      width: 12,
      properties: { title, region: "eu-west-1", metrics, view: "timeSeries", period: 300 },
      x: (index % 2) * 12,
      y: 6 + Math.floor(index / 2) * 6,
      height: 6,
    }));
    assert.equal(others.slice(0, 6), expected);
  });

  test("shows metrics that the function reports", () => {
    const reported = reportedMetrics();
    const metrics = others.flatMap(({ properties }) => properties.metrics ?? []);
    const own = metrics.filter(([namespace]) => namespace === "UpdateRoute53");
    assert.is(own.length, 8);
    for (const [, metric, dimension] of own)
      assert.ok(reported.includes(`${metric} ${dimension}`), `${metric}`);
    assert.ok(reported.includes("Refused FunctionName,Reason"));
  });

  test("shows from the log what each device has done, and the latest refusals", () => {
    const expected = TABLES.map(([title, query], index) => ({
      type: "log",
      width: 12,
      properties: { title, region: "eu-west-1", view: "table", query },
      x: index * 12,
      y: 24,
      height: 6,
    }));
    assert.equal(others.slice(6), expected);
  });

  test("has no more alarms in a widget than CloudWatch takes: further ones are at the end", () => {
    const widgets = widgetsWith(156);
    const shown = widgets.filter(({ type }) => type === "alarm");
    assert.equal(
      shown.map(({ y, properties: { title, alarms: listed } }) => [y, title, listed?.length]),
      [
        [0, "Alarms 1 to 100 of 156", 100],
        [30, "Alarms 101 to 156 of 156", 56],
      ],
    );
    assert.equal(
      shown.flatMap(({ properties }) => properties.alarms),
      arns(156),
    );
    const titles = widgetsWith(100).map(({ properties }) => properties.title);
    assert.equal(
      titles.filter((title) => title.startsWith("Alarms")),
      ["Alarms"],
    );
  });

  test("has no more widgets than CloudWatch takes, with as many devices as there may be", () => {
    assert.is(widgetsWith(7 + 4_900).length, 58);
  });

  test("has no widget on top of another, and none beyond the edge", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgetsWith(250)) {
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
