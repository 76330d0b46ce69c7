// What Lambda tells the caller of a synchronous invocation, in its own words.

/** `payload` is what the function returned, after its way through JSON. */
export type FunctionResult = { readonly ok: true; readonly payload: unknown } | FunctionError;

export interface FunctionError {
  readonly ok: false;
  readonly errorType: string;
  readonly errorMessage: string;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html says 6 MB for both. What Lambda
// enforces is this, and the messages below name these numbers.
const REQUEST_BYTES_ALLOWED = 6_291_456;
export const RESPONSE_BYTES_ALLOWED = 6_291_556;

// Lambda words a signal as Go does.
const SIGNAL_WORDS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: "aborted",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

export function functionError(errorType: string, errorMessage: string): FunctionError {
  return { ok: false, errorType, errorMessage };
}

export function timeoutError(requestId: string, timeoutMs: number): FunctionError {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return functionError(
    "Sandbox.Timedout",
    `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  );
}

export function exitError(requestId: string, { code, signal }: ProcessExit): FunctionError {
  const reason = signal ? `signal: ${SIGNAL_WORDS[signal] ?? signal}` : `exit status ${code}`;
  const exited = code === 0 ? "exited without providing a reason" : `exited with error: ${reason}`;
  return functionError("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime ${exited}`);
}

export function responseTooLargeError(): FunctionError {
  return functionError(
    "Function.ResponseSizeTooLarge",
    `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_ALLOWED} bytes).`,
  );
}

/** The error of a request that Lambda refuses before the function sees it, or undefined. */
export function requestTooLargeError(payload: string): FunctionError | undefined {
  if (Buffer.byteLength(payload) <= REQUEST_BYTES_ALLOWED) return undefined;
  return functionError(
    "RequestEntityTooLargeException",
    `Request must be smaller than ${REQUEST_BYTES_ALLOWED} bytes for the InvokeFunction operation`,
  );
}

/** All execution environments are busy and no more may be started: HTTP 429, the function was not invoked. */
export function throttledError(): FunctionError {
  return functionError("TooManyRequestsException", "Rate Exceeded.");
}

/** Decodes the body in which a runtime reports an error of the function. */
export function decodeReportedError(body: string): FunctionError {
  try {
    const { errorType, errorMessage } = JSON.parse(body);
    return functionError(String(errorType ?? "Unhandled"), String(errorMessage ?? ""));
  } catch {
    return functionError("Unhandled", body);
  }
}
