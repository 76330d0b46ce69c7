import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { FunctionError, FunctionResult } from "./result.ts";

export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
}

export function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

/** Not traced: AWS X-Ray has no local stand-in. */
function traceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const root = `1-${seconds}-${randomBytes(12).toString("hex")}`;
  return `Root=${root};Parent=${randomBytes(8).toString("hex")};Sampled=0`;
}

function sendInvocation(response: ServerResponse, invocation: Invocation): void {
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Lambda-Runtime-Aws-Request-Id": invocation.requestId,
    "Lambda-Runtime-Deadline-Ms": invocation.deadlineMs,
    "Lambda-Runtime-Invoked-Function-Arn": invocation.functionArn,
    "Lambda-Runtime-Trace-Id": traceId(),
  });
  response.end(invocation.payload);
}

/** A runtime may not ask for an invocation while it has one. */
function refuseState(response: ServerResponse): void {
  const errorMessage =
    "State transition from Running to Ready failed for runtime. Error: State transition is not allowed";
  reply(response, 403, { errorType: "InvalidStateTransition", errorMessage });
}

/** What one runtime is doing: initializing, waiting for an invocation, or running one. */
export function createRuntimeState() {
  const initialized = Promise.withResolvers<FunctionError | undefined>();
  let waiting: ServerResponse | undefined;
  let queued: Invocation | undefined;
  let current: { requestId: string; resolve: (result: FunctionResult) => void } | undefined;

  function handOver(): void {
    if (!waiting || !queued) return;
    sendInvocation(waiting, queued);
    waiting = undefined;
    queued = undefined;
  }

  return {
    initialized: initialized.promise,
    failedToInitialize: initialized.resolve,
    invoke(invocation: Invocation): Promise<FunctionResult> {
      const { promise, resolve } = Promise.withResolvers<FunctionResult>();
      current = { requestId: invocation.requestId, resolve };
      queued = invocation;
      handOver();
      return promise;
    },
    next(response: ServerResponse): void {
      initialized.resolve(undefined);
      if (current && !queued) {
        refuseState(response);
        return;
      }
      waiting = response;
      handOver();
    },
    isCurrent: (requestId: string) => current?.requestId === requestId,
    finish(result: FunctionResult): void {
      // Lets what the function logged before, and is already in the pipe, be read first.
      const resolve = current?.resolve;
      setImmediate(() => resolve?.(result));
      current = undefined;
    },
  };
}

export type RuntimeState = ReturnType<typeof createRuntimeState>;
