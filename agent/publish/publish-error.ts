import { type ExitCode, exitCode } from "../exit-code.ts";

export interface PublishError {
  readonly exitCode: ExitCode;
  /** One line: what it means, and in brackets what the service or the system said. */
  readonly reason: string;
  /** Whether the stream may have the record, although it did not say so. */
  readonly mayHaveArrived?: true;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html and API_PutRecord.html */
const MEANINGS: readonly (readonly [names: readonly string[], code: ExitCode, meaning: string])[] = [
  [
    [
      "AccessDeniedException",
      "ExpiredTokenException",
      "IncompleteSignature",
      "IncompleteSignatureException",
      "InvalidClientTokenId",
      "InvalidSignatureException",
      "KMSAccessDeniedException",
      "MissingAuthenticationTokenException",
      "NotAuthorized",
      "OptInRequired",
      "RequestExpired",
      "RequestInTheFuture",
      "RequestTimeTooSkewed",
      "SignatureDoesNotMatch",
      "UnrecognizedClientException",
    ],
    exitCode.noPermission,
    "AWS refuses the credentials",
  ],
  [["CredentialsProviderError"], exitCode.configuration, "found no AWS credentials"],
  [
    ["ResourceNotFoundException"],
    exitCode.configuration,
    "there is no such stream in this region and account",
  ],
  [
    ["InvalidArgumentException", "ValidationException", "KMSDisabledException", "KMSNotFoundException"],
    exitCode.configuration,
    "the stream does not take the record",
  ],
  [
    [
      "ProvisionedThroughputExceededException",
      "LimitExceededException",
      "KMSThrottlingException",
      "ThrottlingException",
    ],
    exitCode.tryAgain,
    "the stream takes no more just now",
  ],
];

const LONGEST_DETAIL = 200;

/** Tells what an error of the AWS SDK means, by its name and status and never by its message. */
export function classifyPublishError(error: unknown): PublishError {
  const { name, status, code, detail } = readError(error);
  if (isBug(error, status)) {
    return { exitCode: exitCode.bug, reason: `a bug in this program, please report it (${detail})` };
  }
  if (name === "TypeError" && status === undefined) {
    return { exitCode: exitCode.configuration, reason: `the endpoint is no URL (${detail})` };
  }
  const known = MEANINGS.find(([names]) => names.includes(name));
  if (known) return { exitCode: known[1], reason: `${known[2]} (${detail})` };
  if (status === 401 || status === 403)
    return { exitCode: exitCode.noPermission, reason: `AWS refuses (${detail})` };
  if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return { exitCode: exitCode.configuration, reason: `the stream does not take the record (${detail})` };
  }
  return {
    exitCode: exitCode.tryAgain,
    reason: `the stream cannot be reached just now (${detail})`,
    ...(!UNSENT.includes(code) && { mayHaveArrived: true }),
  };
}

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
  if (classifyPublishError(error).exitCode !== exitCode.noPermission) return false;
  const { $response } = error as { $response?: { headers?: Readonly<Record<string, string>> } };
  const date = Object.entries($response?.headers ?? {}).find(([name]) => name.toLowerCase() === "date")?.[1];
  return date !== undefined && Math.abs(Date.parse(date) - nowMs) > LARGEST_SKEW_MS;
}

function readError(error: unknown) {
  if (!(error instanceof Error)) return { name: "", status: undefined, code: "", detail: String(error) };
  const metadata = "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }) : {};
  // A refused connection is an AggregateError with an empty message and a code.
  const code = "code" in error ? String(error.code) : "";
  const said = error.message || code;
  const [firstLine = ""] = said.split("\n");
  const detail = [error.name === "Error" ? "" : error.name, firstLine.slice(0, LONGEST_DETAIL)]
    .filter(Boolean)
    .join(": ");
  return { name: error.name, status: metadata.httpStatusCode, code, detail };
}
