import type { Applied, NotApplied, Outcome } from "./apply.ts";
import type { AuthorizedUpdate } from "./authorize.ts";
import { fqdnToWire } from "./contract/fqdn.ts";
import type { StreamRecord } from "./decode.ts";
import type { RefusedUpdate } from "./plan.ts";
import type { Return } from "./respond.ts";
import type { Summary } from "./summary.ts";

/**
 * One line of the log. Lambda's JSON log format takes `level` from a JSON line on stdout, and stores the line as it
 * is; in the text format it is one line too.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export interface LogLine {
  readonly level: "INFO" | "WARN" | "ERROR";
  readonly message: string;
  readonly [field: string]: unknown;
}

/** The line of a record that changes nothing. */
export function refusedLine({ arrival, update, reason, message }: RefusedUpdate): LogLine {
  const { sequenceNumber } = arrival;
  const { uuid, device, fqdn, address } = update ?? {};
  // Only what has passed the contract's patterns is logged as it is.
  const told = { uuid, device, fqdn: fqdn && fqdnToWire(fqdn), address: address?.text };
  return { level: "WARN", message, outcome: "refused", reason, ...told, sequenceNumber };
}

/** The lines of a batch that went to Route 53: one for each update in it, superseded ones included. */
export function outcomeLines(outcome: Outcome): LogLine[] {
  if (outcome.kind === "retry") return [retryLine(outcome)];
  return outcome.batch.rrsets.flatMap(({ winner, members }) =>
    members.map((member) => {
      if (outcome.kind !== "applied") return notAppliedLine(outcome, member);
      return member === winner ? appliedLine(outcome, member) : supersededLine(outcome, member, winner);
    }),
  );
}

function appliedLine({ changeId, atMs }: Applied, member: AuthorizedUpdate): LogLine {
  // The clocks of Kinesis and of this process are two.
  const latencyMs = Math.max(0, atMs - member.arrival.arrivedAtMs);
  return { level: "INFO", message: "applied", outcome: "applied", ...fieldsOf(member), changeId, latencyMs };
}

function supersededLine({ changeId }: Applied, member: AuthorizedUpdate, winner: AuthorizedUpdate): LogLine {
  const by = { supersededBy: winner.update.uuid, changeId };
  return { level: "INFO", message: "superseded", outcome: "superseded", ...fieldsOf(member), ...by };
}

function notAppliedLine({ kind, failure }: NotApplied, member: AuthorizedUpdate): LogLine {
  const { reason, message } = failure;
  const level = kind === "failed" ? "ERROR" : "WARN";
  return { level, message, outcome: kind, reason, ...fieldsOf(member) };
}

function fieldsOf({ update, arrival, rrtype: type, ttlSeconds }: AuthorizedUpdate) {
  const { uuid, device, address } = update;
  const { sequenceNumber } = arrival;
  const fqdn = fqdnToWire(update.fqdn);
  return { uuid, device, fqdn, type, address: address.text, ttlSeconds, sequenceNumber };
}

function retryLine({ batch, failure }: NotApplied): LogLine {
  const { reason, message } = failure;
  const what = { zone: fqdnToWire(batch.zone.apex), names: batch.rrsets.length };
  return { level: "WARN", message, outcome: "retry", reason, ...what };
}

/** The line of an event, or of elements of one, that no Kinesis stream makes. */
export function malformedLine(count: number): LogLine {
  const message = `expected Kinesis records, found ${count} that are none`;
  return { level: "ERROR", message, outcome: "refused", reason: "event-malformed" };
}

/** The line of an event whose last records there was no time to read. */
export function unplannedLine(unplanned: readonly StreamRecord[]): LogLine {
  const message = `no time was left to read ${unplanned.length} of the records`;
  const sequenceNumber = unplanned[0]?.arrival.sequenceNumber;
  return { level: "WARN", message, outcome: "retry", reason: "deadline", sequenceNumber };
}

/** The line of an event that came to an end too early to keep the order in which its devices wrote. */
export function aloneLine({ from }: Return): LogLine {
  const message = "no time to deliver again what overruled later updates, so that an older address may win";
  return {
    level: "WARN",
    message,
    outcome: "retry",
    reason: "deadline",
    sequenceNumber: from?.sequenceNumber,
  };
}

/** The one line that sums a batch up. */
export function summaryLine(
  summary: Summary,
  { durationMs, retryFrom }: { durationMs: number; retryFrom: string | undefined },
): LogLine {
  const { refusedByReason, latenciesMs, devices: _, ...counts } = summary;
  const message = `${counts.applied} of ${counts.records} applied, ${counts.superseded} superseded, ${counts.refused} refused, ${counts.failed} failed, ${counts.unapplied} to be retried`;
  const slowest = latenciesMs.reduce((slow, latency) => Math.max(slow, latency), 0);
  const reasons = Object.fromEntries(refusedByReason);
  const times = { durationMs, slowestLatencyMs: slowest };
  return { level: "INFO", message, outcome: "summary", ...counts, reasons, ...times, retryFrom };
}
