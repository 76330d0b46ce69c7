import { type ExitCode, exitCode } from "../exit-code.ts";
import { ownAdvice } from "../own-advice.ts";
import { ENDPOINT_FIX, type Meaning, meanings, type Target } from "./publish-meanings.ts";

export interface PublishError {
  readonly exitCode: ExitCode;
  readonly meaning: string;
  /** What to do, where that is known. */
  readonly fix?: string;
  /** What the service or the system said. */
  readonly detail: string;
  /** Whether the stream may have the record, although it did not say so. */
  readonly mayHaveArrived?: true;
}

/** Tells what an error of the AWS SDK means, by its name and status and never by its message. */
export function classifyPublishError(error: unknown, target: Target): PublishError {
  const { meaning, fix, ...told } = meaningOf(error);
  const { detail } = readError(error);
  return { ...told, meaning: meaning(target), ...(fix && { fix: fix(target) }), detail };
}

/** How a command ends that meets this error. */
export function publishExitCode(error: unknown): ExitCode {
  return meaningOf(error).exitCode;
}

/** A publication that failed as often as it was tried: in a line, what it means and what to do before what was said. */
export interface PublishFailure extends Pick<PublishError, "exitCode" | "mayHaveArrived"> {
  readonly reason: string;
}

/** Tells the last error. Any of them may have reached the stream. */
export function describeFailure(errors: readonly unknown[], target: Target): PublishFailure {
  const { exitCode: code, meaning, fix, detail } = classifyPublishError(errors.at(-1), target);
  return {
    exitCode: code,
    reason: `${meaning}${fix === undefined ? "" : `; ${fix}`} (${detail})`,
    ...(errors.some((error) => meaningOf(error).mayHaveArrived) && { mayHaveArrived: true }),
  };
}

function meaningOf(error: unknown): Meaning {
  const { name, status, code } = readError(error);
  if (isBug(error, status)) {
    return { exitCode: exitCode.bug, meaning: () => "a bug in this program, please report it" };
  }
  if (name === "TypeError" && status === undefined) {
    return {
      exitCode: exitCode.configuration,
      meaning: () => "the endpoint is no URL",
      fix: () => ENDPOINT_FIX,
    };
  }
  const [, known] = meanings.find(([names]) => names.includes(name)) ?? [];
  if (known) return known;
  if (status === 401 || status === 403)
    return { exitCode: exitCode.noPermission, meaning: () => "AWS refuses" };
  if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return { exitCode: exitCode.configuration, meaning: () => "the stream does not take the record" };
  }
  if (CERTIFICATE_PROBLEM.test(code)) {
    return {
      exitCode: exitCode.tryAgain,
      meaning: () => "the certificate of the stream's endpoint is not believed",
      fix: () => '"update-route53 doctor" says why',
    };
  }
  return {
    exitCode: exitCode.tryAgain,
    meaning: () => "the stream cannot be reached just now",
    ...(!UNSENT.includes(code) && { mayHaveArrived: true }),
  };
}

/** https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes: no request was sent. */
const CERTIFICATE_PROBLEM = /^(?:CERT_|DEPTH_ZERO_|ERR_TLS_CERT_|SELF_SIGNED_|UNABLE_TO_)/;

/** What the system says where no connection came about, and so no record left. */
const UNSENT: readonly string[] = [
  "EADDRNOTAVAIL",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
];

/** What the language throws where a program is wrong; neither the network nor an answer can make these. */
function isBug(error: unknown, status: number | undefined): boolean {
  if (status !== undefined) return false;
  // The address of the endpoint, as a variable or a profile has it, is no URL.
  if (error instanceof TypeError && "code" in error && error.code === "ERR_INVALID_URL") return false;
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

/** The SDK corrects its clock from this difference on; AWS refuses signatures from five minutes on. */
const LARGEST_SKEW_MS = 240_000;

/**
 * Whether AWS may have refused the credentials only because our clock is wrong: the Date of its answer tells.
 * By then the SDK has corrected its clock, so that one more attempt shows what the credentials are worth.
 */
export function isClockToBlame(error: unknown, nowMs: number): boolean {
  if (publishExitCode(error) !== exitCode.noPermission) return false;
  const { $response } = error as { $response?: { headers?: Readonly<Record<string, string>> } };
  const date = Object.entries($response?.headers ?? {}).find(([name]) => name.toLowerCase() === "date")?.[1];
  return date !== undefined && Math.abs(Date.parse(date) - nowMs) > LARGEST_SKEW_MS;
}

/** As long as what IAM says of a denied record, with all of its ARNs. */
const LONGEST_DETAIL = 300;

function readError(error: unknown) {
  if (!(error instanceof Error)) return { name: "", status: undefined, code: "", detail: String(error) };
  const metadata = "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }) : {};
  // A refused connection is an AggregateError with an empty message and a code.
  const code = "code" in error ? String(error.code) : "";
  const said = ownAdvice(error.message) || code;
  const [firstLine = ""] = said.split("\n");
  const detail = [error.name === "Error" ? "" : error.name, firstLine.slice(0, LONGEST_DETAIL)]
    .filter(Boolean)
    .join(": ");
  return { name: error.name, status: metadata.httpStatusCode, code, detail };
}
