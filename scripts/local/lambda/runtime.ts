// A Lambda function on this machine: the bundle that is deployed, run by AWS's own runtime client, with Lambda's
// rules around it. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
import { randomUUID } from "node:crypto";
import { access } from "node:fs/promises";
import { checkConfiguration, type FunctionConfiguration, functionArn } from "./environment.ts";
import { createPool, type SandboxPool } from "./pool.ts";
import { type FunctionResult, requestTooLargeError, throttledError } from "./result.ts";

const INIT_TIMEOUT_MS = 10_000;
const DEFAULT_CONCURRENCY = 10;
const LOG_LINES_KEPT = 10_000;

export interface FunctionOptions extends FunctionConfiguration {
  /** How many invocations may run at once; one more is throttled. 10 by default. */
  readonly reservedConcurrency?: number;
  /** How long an initialization may take before Lambda repeats it. 10 s by default, as in Lambda. */
  readonly initTimeoutMs?: number;
  readonly onLog?: (line: string) => void;
}

export type InvocationResult = FunctionResult & { readonly requestId: string };

export interface LocalFunction {
  readonly functionArn: string;
  /** Invokes synchronously. Does not reject for what goes wrong in Lambda: that is in the result. */
  invoke(event: unknown): Promise<InvocationResult>;
  /** How many execution environments were started, and how long those that became ready took for it. */
  readonly coldStarts: number;
  readonly initDurationsMs: readonly number[];
  /** What the function wrote to stdout and stderr, the latest 10 000 lines. */
  readonly logLines: readonly string[];
  /** Kills every execution environment and resolves when they are gone. */
  close(): Promise<void>;
}

function createLog(onLog?: (line: string) => void) {
  const lines: string[] = [];
  const add = (line: string) => {
    lines.push(line);
    if (lines.length > LOG_LINES_KEPT) lines.shift();
    onLog?.(line);
  };
  return { lines, add };
}

interface Request {
  readonly requestId: string;
  readonly payload: string;
  readonly timeoutMs: number;
  readonly initTimeoutMs: number;
}

async function invokeIn(pool: SandboxPool, request: Request): Promise<FunctionResult> {
  const { requestId, payload, timeoutMs, initTimeoutMs } = request;
  let sandbox = pool.takeIdle() ?? (await pool.start(requestId, initTimeoutMs));
  const deadlineMs = Date.now() + timeoutMs;
  // Lambda repeats a failed initialization, the second time as part of the invocation and of its time.
  if ("ok" in sandbox) sandbox = await pool.start(requestId, timeoutMs);
  if ("ok" in sandbox) return sandbox;
  const result = await sandbox.invoke(requestId, payload, deadlineMs - Date.now());
  pool.giveBack(sandbox);
  return result;
}

/**
 * Prepares a function. As in Lambda, nothing runs before the first invocation; each execution environment has
 * one invocation at a time and is used again until its process ends or an invocation exceeds its time; the
 * response and the event are limited in size. Unlike in Lambda, an idle process is not frozen.
 */
export async function startFunction(options: FunctionOptions): Promise<LocalFunction> {
  checkConfiguration(options);
  const { bundlePath, timeoutMs } = options;
  const { reservedConcurrency = DEFAULT_CONCURRENCY, initTimeoutMs = INIT_TIMEOUT_MS } = options;
  await access(bundlePath).catch((cause) => {
    throw new Error(`bundle: expected a file at "${bundlePath}", found none`, { cause });
  });
  const log = createLog(options.onLog);
  const pool = createPool(options, log.add);
  let busy = 0;

  async function attempt(request: Request): Promise<FunctionResult> {
    const refusal = requestTooLargeError(request.payload);
    if (refusal) return refusal;
    if (busy >= reservedConcurrency) return throttledError();
    busy += 1;
    return invokeIn(pool, request).finally(() => {
      busy -= 1;
    });
  }

  return {
    functionArn: functionArn(options),
    async invoke(event) {
      const requestId = randomUUID();
      const payload = JSON.stringify(event ?? null);
      const result = await attempt({ requestId, payload, timeoutMs, initTimeoutMs });
      return { ...result, requestId };
    },
    get coldStarts() {
      return pool.coldStarts;
    },
    initDurationsMs: pool.initDurationsMs,
    logLines: log.lines,
    close: pool.close,
  };
}
