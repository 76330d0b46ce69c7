// What the function costs. Prints a report; says, but does not judge, whether the goals are met.
//   npm run bench:lambda
import { verify } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { signedBytes } from "../../lambda/contract/signature.ts";
import { createHandler } from "../../lambda/handler.ts";
import { createPace } from "../../lambda/pace.ts";
import { planChanges } from "../../lambda/plan.ts";
import { parseSettings } from "../../lambda/settings.ts";
import { streamRecordsOf } from "../../lambda/stream-records.ts";
import { readArguments } from "../read-arguments.ts";
import { createVirtualClock } from "../simulate/clock.ts";
import { measureColdStart } from "./lambda/cold-start.ts";
import { createWorkload, type Workload, workloadPublicKey, workloadSettings } from "./lambda/workload.ts";

readArguments({ command: "npm run bench:lambda", help: "Reports how fast the function is." });

const settings = parseSettings(workloadSettings);
const MEASURE_MS = 3_000;
const WARM_UP_MS = 1_000;
const LEAST_ROUNDS = 5;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const say = (line = "") => process.stdout.write(`${line}\n`);
const thousands = (value: number) => Math.round(value).toLocaleString("en");
const verdict = (isMet: boolean) => (isMet ? "met" : "MISSED");

/** What one round of some work costs, warm. */
interface Cost {
  /** The fastest round: the one that other work on the machine disturbed least. */
  readonly wallUs: number;
  /** Of all threads, the collector's too, in an average round. */
  readonly cpuUs: number;
}

async function measure(work: () => unknown): Promise<Cost> {
  const warmAt = performance.now() + WARM_UP_MS;
  while (performance.now() < warmAt) await work();
  let wallUs = Number.POSITIVE_INFINITY;
  let rounds = 0;
  const cpu = process.cpuUsage();
  const endAt = performance.now() + MEASURE_MS;
  for (; performance.now() < endAt || rounds < LEAST_ROUNDS; rounds += 1) {
    const startedAt = performance.now();
    await work();
    wallUs = Math.min(wallUs, (performance.now() - startedAt) * 1000);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { wallUs, cpuUs: (user + system) / rounds };
}

/** Bytes that one round puts on the heap, whether it needs them to the end or not. */
function heapBytes(work: () => unknown): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  work();
  return process.memoryUsage().heapUsed - before;
}

const plan = ({ event }: Workload) => planChanges(streamRecordsOf(event).records, settings);

async function reportPlan(count: number, isSigned: boolean): Promise<Cost> {
  const workload = createWorkload(count, { isSigned });
  const cost = await measure(() => plan(workload));
  const columns = [
    thousands(count).padStart(7),
    isSigned ? "signed  " : "unsigned",
    thousands((count / cost.wallUs) * 1e6).padStart(10),
    (cost.cpuUs / count).toFixed(2).padStart(8),
    (heapBytes(() => plan(workload)) / 2 ** 20).toFixed(2).padStart(8),
    String(plan(workload).batches.length).padStart(14),
  ];
  say(columns.join("  "));
  return cost;
}

/** How much longer it takes to plan signed updates than only to verify their signatures. */
async function signatureRatio(count: number): Promise<number> {
  const workload = createWorkload(count, { isSigned: true });
  const pairs = workload.updates.map((update) => ({
    bytes: signedBytes(update),
    signature: Buffer.from(update.signature ?? "", "base64"),
  }));
  const planned = await measure(() => plan(workload));
  const raw = await measure(() => {
    for (const { bytes, signature } of pairs) verify(null, bytes, workloadPublicKey, signature);
  });
  return planned.wallUs / raw.wallUs;
}

async function reportPlans(): Promise<void> {
  say("decode to plan; records/s of the fastest round, best on an idle machine");
  say("records            records/s  CPU µs/r  heap MiB  Route 53 calls");
  for (const count of [1, 100]) await reportPlan(count, false);
  const unsigned = await reportPlan(10_000, false);
  for (const count of [1, 100, 10_000]) await reportPlan(count, true);
  const ratio = await signatureRatio(1_000);
  const rate = 1e10 / unsigned.wallUs;
  say(`  goal: unsigned >= 200,000 records/s: ${thousands(rate)}, ${verdict(rate >= 200_000)}`);
  say(
    `  goal: signed <= 1.3 x as many raw Ed25519 verifications: ${ratio.toFixed(2)}, ${verdict(ratio <= 1.3)}`,
  );
}

async function reportHandler(name: string, workload: Workload, goal?: number): Promise<void> {
  let calls = 0;
  const clock = createVirtualClock();
  const send = async () => {
    calls += 1;
    return "C1";
  };
  const world = { ...clock, send, random: () => 0, pace: createPace(5, 1000), write: () => {} };
  const handler = createHandler(settings, world);
  const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis: () => 900_000 };
  const cost = await measure(() => {
    calls = 0;
    return handler(workload.event, context);
  });
  const met = goal === undefined ? "" : `, goal ${goal} calls: ${verdict(calls === goal)}`;
  const rate = thousands((workload.updates.length / cost.wallUs) * 1e6);
  const cpuMs = (cost.cpuUs / 1000).toFixed(1);
  say(`  ${name}: ${rate} records/s, ${cpuMs} ms CPU a batch, ${calls} Route 53 calls${met}`);
}

async function reportHandlers(): Promise<void> {
  say();
  say("whole handler, with log and metrics, Route 53 answering at once");
  await reportHandler("1 record", createWorkload(1, {}), 1);
  await reportHandler("100 names", createWorkload(100, {}), 20);
  await reportHandler("10,000 names in 20 zones", createWorkload(10_000, {}), 20);
  await reportHandler("10,000 names in 20 zones, signed", createWorkload(10_000, { isSigned: true }), 20);
  await reportHandler("10,000 updates of 10 names in 10 zones", createWorkload(10_000, { names: 10 }), 10);
  say(`  resident memory of this process: ${thousands(process.memoryUsage().rss / 2 ** 20)} MiB`);
}

async function reportColdStart(): Promise<void> {
  const { sdkImportMs, bundleImportMs, firstInvokeMs, secondInvokeMs } = await measureColdStart();
  const ratio = bundleImportMs / sdkImportMs;
  say();
  say("cold start, CPU time, the least of several new processes");
  say(`  import of @aws-sdk/client-route-53 alone, as installed: ${sdkImportMs.toFixed(0)} ms`);
  say(`  import of the bundle, settings read: ${bundleImportMs.toFixed(0)} ms`);
  say(`  goal: <= 1.5 x the SDK alone: ${ratio.toFixed(2)}, ${verdict(ratio <= 1.5)}`);
  say(`  first invocation: ${firstInvokeMs.toFixed(0)} ms, second: ${secondInvokeMs.toFixed(0)} ms`);
}

say(`Node ${process.versions.node} on ${process.arch}`);
await reportPlans();
await reportHandlers();
await reportColdStart();
