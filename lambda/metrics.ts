import type { Summary } from "./summary.ts";

type Unit = "Count" | "Milliseconds";

export const METRICS_NAMESPACE = "UpdateRoute53";
/** The most values of one metric in a document. */
const MOST_VALUES = 100;

/**
 * The metrics of an invocation in CloudWatch's embedded metric format, one document each for the function, for
 * each reason of refusal and, where wanted, for each device that was heard; more for the function where it has more
 * latencies than a document may hold.
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
  const [latency, ...otherLatencies] = inHundreds(latenciesMs);
  const whole = { ...counts, Unapplied: unapplied, Route53Calls: route53Calls, ...latency };
  return [
    document({ FunctionName: functionName }, whole),
    ...otherLatencies.map((others) => document({ FunctionName: functionName }, others)),
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

/** Every value, so that CloudWatch counts them all. The clocks of Kinesis and of this process are two: none is below 0. */
function inHundreds(latenciesMs: readonly number[]): { ArrivalToAcceptance: number[] }[] {
  const values = latenciesMs.map((latencyMs) => Math.max(0, latencyMs));
  return Array.from({ length: Math.ceil(values.length / MOST_VALUES) }, (_, index) => ({
    ArrivalToAcceptance: values.slice(index * MOST_VALUES, (index + 1) * MOST_VALUES),
  }));
}
