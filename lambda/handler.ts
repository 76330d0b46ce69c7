import type { KinesisStreamBatchResponse } from "aws-lambda";
import { type ApplyWorld, applyChangeBatches } from "./apply.ts";
import { createDenials } from "./apply-memory.ts";
import type { Arrival } from "./decode.ts";
import {
  aloneLine,
  type LogLine,
  malformedLine,
  outcomeLines,
  refusedLine,
  summaryLine,
  unplannedLine,
} from "./log.ts";
import { metricDocuments } from "./metrics.ts";
import { type Plan, planChanges, type RefusedUpdate } from "./plan.ts";
import { respond, returnPoint } from "./respond.ts";
import type { SendChangeBatch } from "./route53.ts";
import type { Settings } from "./settings.ts";
import { streamRecordsOf } from "./stream-records.ts";
import { createTally } from "./summary.ts";

/** What the handler needs of the world. */
export interface HandlerWorld extends Omit<ApplyWorld, "denials"> {
  /** Writes lines to stdout, each a JSON object. */
  readonly write: (lines: readonly string[]) => void;
}

/** What it uses of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

/** Kept back from Lambda's time-out to log, report and answer. */
const REPORT_RESERVE_MS = 2_000;

/**
 * Creates the handler of Kinesis batches. It answers with the sequence number from which to deliver again, and
 * never rejects for what a record or Route 53 says. An event that was handled in part may be handled again.
 */
export function createHandler(settings: Settings, world: HandlerWorld) {
  const denials = createDenials();
  return async (event: unknown, context: InvocationContext): Promise<KinesisStreamBatchResponse> => {
    const startedAtMs = world.now();
    const log = createLog(world, context);
    const remainingMs = () => context.getRemainingTimeInMillis() - REPORT_RESERVE_MS;
    // What is decided must also be applied, or the event would come again as it was.
    const keptToApplyMs = remainingMs() / 2;
    const { records, malformed } = streamRecordsOf(event);
    const plan = planChanges(records, settings, () => remainingMs() > keptToApplyMs);
    const tally = createTally();
    const { send, callCount } = countCalls(world.send);
    for await (const outcome of applyChangeBatches(plan.batches, { ...world, send, denials }, remainingMs)) {
      tally.settle(outcome);
      log(outcomeLines(outcome));
    }

    const overrulings = plan.batches.flatMap(({ rrsets }) => rrsets.flatMap((rrset) => rrset.overrulings));
    const rest = { start: records[0]?.arrival, unapplied: tally.unapplied(), isCutShort: tally.isCutShort() };
    const returning = returnPoint({ ...rest, overrulings });
    if (returning.isAlone) log([aloneLine(returning)]);
    const from = returning.from ?? plan.unplanned[0]?.arrival;
    const refused = refusedBefore(from, plan);
    tally.refuse("event-malformed", malformed);
    for (const { reason } of refused) tally.refuse(reason, 1);
    log([...(malformed > 0 ? [malformedLine(malformed)] : []), ...refused.map(refusedLine)]);
    if (plan.unplanned.length > 0) log([unplannedLine(plan.unplanned)]);

    const settled = tally.summarize({ records: records.length + malformed, route53Calls: callCount() });
    const untold = plan.unplanned.length + plan.refused.length - refused.length;
    const summary = { ...settled, unapplied: settled.unapplied + untold };
    const nowMs = world.now();
    log([summaryLine(summary, { durationMs: nowMs - startedAtMs, retryFrom: from?.sequenceNumber })]);
    const options = { functionName: context.functionName, nowMs, hasHeartbeats: settings.heartbeatMetrics };
    world.write(metricDocuments(summary, options).map((document) => JSON.stringify(document)));
    return respond({ ...returning, from });
  };
}

/** The refused records that are not delivered again. Those that are, are told then, and all of them once. */
function refusedBefore(from: Arrival | undefined, { refused }: Plan): readonly RefusedUpdate[] {
  return from ? refused.filter(({ arrival }) => arrival.position < from.position) : refused;
}

function createLog({ write, now }: HandlerWorld, { awsRequestId: requestId }: InvocationContext) {
  return (lines: readonly LogLine[]) => {
    if (lines.length === 0) return;
    const timestamp = new Date(now()).toISOString();
    write(lines.map(({ level, ...line }) => JSON.stringify({ timestamp, level, requestId, ...line })));
  };
}

function countCalls(send: SendChangeBatch) {
  let count = 0;
  const counted: SendChangeBatch = (batch, signal) => {
    count += 1;
    return send(batch, signal);
  };
  return { send: counted, callCount: () => count };
}
