// One execution environment: AWS's own runtime client with the function, in a process of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type FunctionConfiguration, functionArn, functionEnvironment } from "./environment.ts";
import { readLines } from "./log.ts";
import {
  exitError,
  type FunctionError,
  type FunctionResult,
  type ProcessExit,
  timeoutError,
} from "./result.ts";
import { type RuntimeApi, startRuntimeApi } from "./runtime-api.ts";

export interface Sandbox {
  /** Resolves when the function is loaded, or with why it is not. The process is dead in the second case. */
  initialize(requestId: string, timeoutMs: number): Promise<FunctionError | undefined>;
  /** Runs one invocation, which must be the only one. A process that exceeds the time is killed. */
  invoke(requestId: string, payload: string, timeoutMs: number): Promise<FunctionResult>;
  isAlive(): boolean;
  /** Kills the process and resolves when it is gone. */
  close(): Promise<void>;
}

function logStreamName(): string {
  const [day] = new Date().toISOString().split("T");
  return `${day?.replaceAll("-", "/")}/[$LATEST]${randomBytes(16).toString("hex")}`;
}

function spawnRuntime(configuration: FunctionConfiguration, runtimeApi: string) {
  const host = { runtimeApi, logStreamName: logStreamName(), path: process.env.PATH ?? "" };
  return spawn(
    process.execPath,
    [
      // Lambda limits the whole process. This limits nearly all that a function's own data can take.
      `--max-old-space-size=${configuration.memoryMb}`,
      "--import",
      import.meta.resolve("./rapid-client.mjs"),
      fileURLToPath(import.meta.resolve("aws-lambda-ric")),
    ],
    {
      cwd: dirname(configuration.bundlePath),
      env: functionEnvironment(configuration, host),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
}

interface RuntimeProcess {
  readonly exit: Promise<ProcessExit>;
  isAlive(): boolean;
  kill(): void;
}

function startProcess(
  configuration: FunctionConfiguration,
  api: RuntimeApi,
  onLine: (line: string) => void,
): RuntimeProcess {
  const child = spawnRuntime(configuration, api.address);
  for (const output of [child.stdout, child.stderr]) if (output) readLines(output, onLine);
  const { promise: exit, resolve } = Promise.withResolvers<ProcessExit>();
  child.once("close", (code, signal) => {
    api.close();
    resolve({ code, signal });
  });
  return {
    exit,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    kill: () => child.kill("SIGKILL"),
  };
}

/** Starts an execution environment. `onLine` is called with every line the function writes. */
export async function startSandbox(
  configuration: FunctionConfiguration,
  onLine: (line: string) => void,
): Promise<Sandbox> {
  const api = await startRuntimeApi();
  const runtime = startProcess(configuration, api, onLine);

  /** Resolves as `work` does, or with why the process ended before. It is killed when the time is over. */
  async function bounded<Result>(work: Promise<Result>, requestId: string, timeoutMs: number) {
    let isTimedOut = false;
    const timer = setTimeout(() => {
      isTimedOut = true;
      runtime.kill();
    }, timeoutMs);
    const ended = runtime.exit.then((exit) =>
      isTimedOut ? timeoutError(requestId, configuration.timeoutMs) : exitError(requestId, exit),
    );
    return Promise.race([work, ended]).finally(() => clearTimeout(timer));
  }

  async function close(): Promise<void> {
    runtime.kill();
    await runtime.exit;
  }

  return {
    async initialize(requestId, timeoutMs) {
      const error = await bounded(api.initialized, requestId, timeoutMs);
      if (error) await close();
      return error;
    },
    invoke(requestId, payload, timeoutMs) {
      const deadlineMs = Date.now() + timeoutMs;
      const invocation = { requestId, payload, deadlineMs, functionArn: functionArn(configuration) };
      return bounded(api.invoke(invocation), requestId, timeoutMs);
    },
    isAlive: runtime.isAlive,
    close,
  };
}
