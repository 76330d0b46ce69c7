import { METRICS_NAMESPACE } from "../lambda/metrics.ts";
import { failuresQueueName, logGroupName } from "./physical-names.ts";

const HALF = 12;
const WHOLE = 24;
const HEIGHT = 6;
const FIVE_MINUTES = 300;
/** The most that one widget shows. */
const MOST_ALARMS = 100;

type Metric = readonly (string | Readonly<Record<string, unknown>>)[];

interface Widget {
  readonly type: "metric" | "log" | "alarm";
  readonly width: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface DashboardOptions {
  readonly region: string;
  readonly streamName: string;
  readonly alarmArns: readonly string[];
}

/**
 * The body of the dashboard, as CloudWatch defines it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(options: DashboardOptions): string {
  const alarms = alarmWidgets(options);
  const [top, bottom] = [alarms.slice(0, 1), alarms.slice(1)];
  return JSON.stringify({
    widgets: place([...top, ...metricWidgets(options), ...logWidgets(options), ...bottom]),
  });
}

/** The function's own alarms are among the first. */
function alarmWidgets({ alarmArns }: DashboardOptions): Widget[] {
  const total = alarmArns.length;
  return Array.from({ length: Math.ceil(total / MOST_ALARMS) }, (_, index) => {
    const first = index * MOST_ALARMS;
    const alarms = alarmArns.slice(first, first + MOST_ALARMS);
    const title =
      total > MOST_ALARMS ? `Alarms ${first + 1} to ${first + alarms.length} of ${total}` : "Alarms";
    return { type: "alarm", width: WHOLE, properties: { title, alarms } };
  });
}

function metricWidgets({ region, streamName }: DashboardOptions): Widget[] {
  const of = (namespace: string, dimension: string, name: string) => (metric: string, stat: string) =>
    [namespace, metric, dimension, name, { stat }] as const;
  const ours = of(METRICS_NAMESPACE, "FunctionName", streamName);
  const lambda = of("AWS/Lambda", "FunctionName", streamName);
  const kinesis = of("AWS/Kinesis", "StreamName", streamName);
  const queue = of("AWS/SQS", "QueueName", failuresQueueName(streamName));
  const graph = (title: string, metrics: readonly Metric[]): Widget => ({
    type: "metric",
    width: HALF,
    properties: { title, region, metrics, view: "timeSeries", period: FIVE_MINUTES },
  });
  return [
    graph(
      "Updates",
      ["Applied", "Superseded", "Refused", "Failed"].map((metric) => ours(metric, "Sum")),
    ),
    graph("Refused, by reason", [[{ expression: refusalsByReason(streamName), id: "reasons", label: "" }]]),
    graph(
      "From arrival to acceptance by Route 53 (ms)",
      ["p50", "p99", "Maximum"].map((stat) => ours("ArrivalToAcceptance", stat)),
    ),
    graph("Age of the oldest update read (ms)", [lambda("IteratorAge", "Maximum")]),
    graph(
      "Stream",
      ["IncomingRecords", "WriteProvisionedThroughputExceeded"].map((metric) => kinesis(metric, "Sum")),
    ),
    graph("Function", [
      ...["Invocations", "Errors", "Throttles"].map((metric) => lambda(metric, "Sum")),
      ours("Route53Calls", "Sum"),
      queue("ApproximateNumberOfMessagesVisible", "Maximum"),
    ]),
  ];
}

/** One line for each reason that there is. */
function refusalsByReason(functionName: string): string {
  const schema = `{${METRICS_NAMESPACE},FunctionName,Reason}`;
  return `SEARCH('${schema} MetricName="Refused" FunctionName="${functionName}"', 'Sum', ${FIVE_MINUTES})`;
}

function logWidgets({ region, streamName }: DashboardOptions): Widget[] {
  const table = (title: string, query: string): Widget => ({
    type: "log",
    width: HALF,
    properties: { title, region, view: "table", query: `SOURCE '${logGroupName(streamName)}' | ${query}` },
  });
  return [
    // The function does not know the address before, so it cannot count changes: these are at least the addresses less one.
    table(
      "By device and name: different addresses, and updates applied, a daily refresh of the same address included",
      'filter outcome = "applied" | stats count_distinct(address) as addresses, count(*) as updates, latest(address) as address, max(@timestamp) as lastUpdate by device, fqdn, type | sort updates desc',
    ),
    table(
      "Latest refusals",
      'fields @timestamp, reason, device, fqdn, message | filter outcome in ["refused", "failed"] | sort @timestamp desc | limit 20',
    ),
  ];
}

/** Puts the widgets in rows, from left to right. */
function place(widgets: readonly Widget[]) {
  let [x, y] = [0, 0];
  return widgets.map((widget) => {
    if (x + widget.width > WHOLE) [x, y] = [0, y + HEIGHT];
    const placed = { ...widget, x, y, height: HEIGHT };
    x += widget.width;
    return placed;
  });
}
