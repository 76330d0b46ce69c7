import type { Summary } from "./summary.ts";

type Unit = "Count" | "Milliseconds";

export const METRICS_NAMESPACE = "UpdateRoute53";
/** The most values of one metric in a document. */
const MOST_VALUES = 100;

/**
 * The metrics of an invocation in CloudWatch's embedded metric format, one document each for the function, for
 * each reason of refusal and, where wanted, for each device that was heard.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricDocuments(
  summary: Summary,
  { functionName, nowMs, hasHeartbeats }: { functionName: string; nowMs: number; hasHeartbeats: boolean },
): object[] {
  const document = (dimensions: Record<string, string>, metrics: Record<string, number | number[]>) => {
    const definitions = Object.keys(metrics).map((name) => ({ Name: name, Unit: unitOf(name) }));
    const directive = {
      Namespace: METRICS_NAMESPACE,
      Dimensions: [Object.keys(dimensions)],
      Metrics: definitions,
    };
    return { _aws: { Timestamp: nowMs, CloudWatchMetrics: [directive] }, ...dimensions, ...metrics };
  };
  const { applied, superseded, failed, unapplied, refused, route53Calls, latenciesMs } = summary;
  const counts = { Applied: applied, Superseded: superseded, Refused: refused, Failed: failed };
  const latency = applied > 0 ? { ArrivalToAcceptance: spread(latenciesMs) } : {};
  const whole = { ...counts, Unapplied: unapplied, Route53Calls: route53Calls, ...latency };
  return [
    document({ FunctionName: functionName }, whole),
    ...Array.from(summary.refusedByReason, ([Reason, count]) =>
      document({ FunctionName: functionName, Reason }, { Refused: count }),
    ),
    ...(hasHeartbeats ? [...summary.devices] : []).map((Device) =>
      document({ FunctionName: functionName, Device }, { Heartbeat: 1 }),
    ),
  ];
}

function unitOf(metric: string): Unit {
  return metric === "ArrivalToAcceptance" ? "Milliseconds" : "Count";
}

/** All values, or of too many the percentiles, least and greatest included. */
function spread(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length <= MOST_VALUES) return sorted;
  const step = (sorted.length - 1) / (MOST_VALUES - 1);
  return Array.from({ length: MOST_VALUES }, (_, index) => sorted[Math.round(index * step)] ?? 0);
}
