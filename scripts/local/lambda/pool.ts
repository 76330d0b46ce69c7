import type { FunctionConfiguration } from "./environment.ts";
import { exitError, type FunctionError } from "./result.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";

/** The execution environments of one function. Each is busy, or idle and waiting for its next invocation. */
export interface SandboxPool {
  readonly coldStarts: number;
  readonly initDurationsMs: readonly number[];
  takeIdle(): Sandbox | undefined;
  /** Starts one more, for `requestId`. Resolves with its error when it is not ready within the time. */
  start(requestId: string, timeoutMs: number): Promise<Sandbox | FunctionError>;
  giveBack(sandbox: Sandbox): void;
  /** Kills all, also those that are being started, and resolves when they are gone. */
  close(): Promise<void>;
}

export function createPool(
  configuration: FunctionConfiguration,
  onLine: (line: string) => void,
): SandboxPool {
  const started = new Set<Promise<Sandbox>>();
  const initDurationsMs: number[] = [];
  let idle: Sandbox[] = [];
  let coldStarts = 0;
  let isClosed = false;

  return {
    get coldStarts() {
      return coldStarts;
    },
    initDurationsMs,
    takeIdle() {
      // One may have ended after its last answer.
      idle = idle.filter((sandbox) => sandbox.isAlive());
      return idle.pop();
    },
    async start(requestId, timeoutMs) {
      if (isClosed) return exitError(requestId, { code: null, signal: "SIGKILL" });
      coldStarts += 1;
      const startedAt = performance.now();
      const starting = startSandbox(configuration, onLine);
      started.add(starting);
      const sandbox = await starting;
      const error = await sandbox.initialize(requestId, timeoutMs);
      if (error) return error;
      initDurationsMs.push(performance.now() - startedAt);
      return sandbox;
    },
    giveBack(sandbox) {
      idle.push(sandbox);
    },
    async close() {
      isClosed = true;
      await Promise.all(Array.from(started, async (starting) => (await starting).close()));
    },
  };
}
