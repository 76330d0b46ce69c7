import { METRICS_NAMESPACE } from "../lambda/metrics.ts";
import { failuresQueueName } from "./physical-names.ts";
import type { StackSettings } from "./settings-schema.ts";

/** What CloudWatch watches, named as its API names it. */
export interface AlarmDefinition {
  /** Of the alarm and in its name. */
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum";
  readonly comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly treatMissingData: "notBreaching" | "breaching";
}

const FIVE_MINUTES = 300;
const HOUR = 3_600;
const LONGEST_DELAY_MS = 60_000;
/** In five minutes. More than a device that is set up wrongly causes: somebody sends without end. */
const MANY_REFUSALS = 100;

const anyAtAll = {
  statistic: "Sum",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  period: FIVE_MINUTES,
  evaluationPeriods: 1,
  treatMissingData: "notBreaching",
} as const;

/** Every alarm of the stack. */
export function alarmDefinitions(settings: StackSettings): AlarmDefinition[] {
  const { devices, silentDeviceHours } = settings;
  const silent = silentDeviceHours > 0 ? devices.map(({ name }) => silentDevice(name, settings)) : [];
  return [...functionAlarms(settings), ...silent];
}

function functionAlarms({ streamName }: StackSettings): AlarmDefinition[] {
  const lambda = { ...anyAtAll, namespace: "AWS/Lambda", dimensions: { FunctionName: streamName } };
  return [
    {
      ...lambda,
      name: "iterator-age",
      description: "Updates wait on the stream for more than a minute, five minutes long",
      metricName: "IteratorAge",
      statistic: "Maximum",
      threshold: LONGEST_DELAY_MS,
      period: 60,
      evaluationPeriods: 5,
    },
    { ...lambda, name: "errors", description: "The function fails", metricName: "Errors" },
    {
      ...lambda,
      name: "throttles",
      description: "Lambda does not start the function",
      metricName: "Throttles",
    },
    {
      ...lambda,
      name: "failed",
      description: "Route 53 refuses updates for good: see the log for the reason",
      namespace: METRICS_NAMESPACE,
      metricName: "Failed",
    },
    {
      ...lambda,
      name: "refused",
      description:
        "Many updates are refused, each at the cost of a line in the log: see there whose, and why",
      namespace: METRICS_NAMESPACE,
      metricName: "Refused",
      threshold: MANY_REFUSALS,
    },
    {
      ...anyAtAll,
      name: "dead-letters",
      description: "Updates were given up: the message says which part of the stream they are in",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: failuresQueueName(streamName) },
      statistic: "Maximum",
    },
    {
      ...anyAtAll,
      name: "write-throttling",
      description: "The stream refuses updates: it needs another shard, or a device sends without end",
      namespace: "AWS/Kinesis",
      metricName: "WriteProvisionedThroughputExceeded",
      dimensions: { StreamName: streamName },
    },
  ];
}

/** CloudWatch looks back at most seven days, in periods of an hour. */
function silentDevice(device: string, { streamName, silentDeviceHours }: StackSettings): AlarmDefinition {
  return {
    name: `silent-${device}`,
    description: `Nothing was heard of ${device} for ${silentDeviceHours} hours`,
    namespace: METRICS_NAMESPACE,
    metricName: "Heartbeat",
    dimensions: { FunctionName: streamName, Device: device },
    statistic: "Sum",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    period: HOUR,
    evaluationPeriods: silentDeviceHours,
    treatMissingData: "breaching",
  };
}
