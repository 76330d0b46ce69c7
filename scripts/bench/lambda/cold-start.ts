// What the first invocation in a new execution environment costs, each time in a process of its own.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { buildLambda } from "../../build-lambda.ts";
import { startRoute53 } from "../../local/route53/server.ts";
import { createWorkload, workloadSettings } from "./workload.ts";

export interface ColdStart {
  /** Milliseconds of CPU, the least of several processes. */
  readonly sdkImportMs: number;
  readonly bundleImportMs: number;
  readonly firstInvokeMs: number;
  readonly secondInvokeMs: number;
}

const PROCESSES = 9;
const run = promisify(execFile);
/** Where a package name resolves from. */
const repository = fileURLToPath(new URL("../../../lambda", import.meta.url));

/** Runs a module in a new process; gives the numbers that it prints. */
async function sample(code: string, env: Record<string, string> = {}): Promise<number[]> {
  const options = { cwd: repository, env: { ...process.env, ...env } };
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], options);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "[]");
}

/** The least of each number: what was disturbed least. */
function least(samples: readonly number[][]): number[] {
  const [first = []] = samples;
  return first.map((_, index) => Math.min(...samples.map((numbers) => numbers[index] ?? Number.NaN)));
}

const timeImport = (specifier: string) => `
  const cpuMs = () => Object.values(process.cpuUsage()).reduce((sum, us) => sum + us / 1000, 0);
  const t0 = cpuMs();
  const module = await import(${JSON.stringify(specifier)});
  const t1 = cpuMs();`;

const timeInvocations = `
  const event = JSON.parse(process.env.BENCH_EVENT);
  const context = { awsRequestId: "r", functionName: "f", getRemainingTimeInMillis: () => 60_000 };
  await module.handler(event, context);
  const t2 = cpuMs();
  await module.handler(event, context);
  console.log(JSON.stringify([t1 - t0, t2 - t1, cpuMs() - t2]));
  process.exit();`;

export async function measureColdStart(): Promise<ColdStart> {
  const folder = await mkdtemp(join(tmpdir(), "update-route53-"));
  const bundlePath = await buildLambda(folder);
  await writeFile(join(folder, "settings.json"), JSON.stringify(workloadSettings));
  const route53 = await startRoute53({ zones: workloadSettings.zones });
  const environment = {
    LAMBDA_TASK_ROOT: folder,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_ROUTE_53: route53.url,
    BENCH_EVENT: JSON.stringify(createWorkload(1, {}).event),
  };
  try {
    const sdkCode = `${timeImport("@aws-sdk/client-route-53")} console.log(JSON.stringify([t1 - t0]));`;
    const bundleCode = `${timeImport(pathToFileURL(bundlePath).href)}${timeInvocations}`;
    const sdk: number[][] = [];
    const bundle: number[][] = [];
    for (let count = 0; count < PROCESSES; count += 1) {
      sdk.push(await sample(sdkCode));
      bundle.push(await sample(bundleCode, environment));
    }
    const [sdkImportMs = Number.NaN] = least(sdk);
    const [bundleImportMs = Number.NaN, firstInvokeMs = Number.NaN, secondInvokeMs = Number.NaN] =
      least(bundle);
    return { sdkImportMs, bundleImportMs, firstInvokeMs, secondInvokeMs };
  } finally {
    await route53.close();
    await rm(folder, { recursive: true });
  }
}
