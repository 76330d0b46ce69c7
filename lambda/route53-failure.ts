import { quote } from "./contract/refusal.ts";

/** What a failed call means for the names of its batch. */
export type FailureKind =
  /** The same call may work later. */
  | "transient"
  /** As `transient`, and every other call of the account would fail too. */
  | "throttled"
  /** Some name of the batch makes the whole batch impossible. */
  | "invalid"
  /** The zone, or some name of the batch, is not for this function's role. */
  | "denied"
  /** The zone is gone. */
  | "no-zone";

export interface Failure {
  readonly kind: FailureKind;
  /** The name of the error. */
  readonly reason: string;
  /** What AWS says, as it is: not for a log. */
  readonly said: string;
  /** One line, with what AWS says quoted. */
  readonly message: string;
}

const LONGEST_MESSAGE = 500;

// https://docs.aws.amazon.com/Route53/latest/APIReference/CommonErrors.html
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors
const KINDS: Readonly<Record<string, FailureKind>> = {
  Throttling: "throttled",
  ThrottlingException: "throttled",
  ThrottledException: "throttled",
  TooManyRequestsException: "throttled",
  RequestLimitExceeded: "throttled",
  PriorRequestNotComplete: "transient",
  RequestExpired: "transient",
  IncompleteSignature: "transient",
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  NoSuchHostedZone: "no-zone",
};

/**
 * Reads what the SDK threw. Only what Route 53 itself says about the request is permanent: a name is never
 * dropped for a fault of the account, the network or this function.
 */
export function readFailure(error: unknown): Failure {
  const { name = "Error", message = "", $fault, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // Of all other answers of this status, InvalidChangeBatch first, the batch itself is the cause. The SDK knows
  // no name, "Unknown", for the form <InvalidChangeBatch><Messages> in which AWS documents that error.
  const isInvalid = status === 400 && $fault === "client";
  const kind = KINDS[name] ?? (isInvalid ? "invalid" : "transient");
  const said = textOf(error as SdkError) || message;
  const place = status === undefined ? "the call to Route 53 failed" : `Route 53 answered ${status}`;
  return { kind, reason: name, said, message: `${place}: ${quote(said, LONGEST_MESSAGE)}` };
}

/** Whether the same call may work later. */
export function isTransient({ kind }: Failure): boolean {
  return kind === "transient" || kind === "throttled";
}

/** The messages of the form that the SDK has no name for; otherwise nothing. */
function textOf({ Messages }: SdkError): string {
  const messages = Messages?.Message;
  return [messages ?? []].flat().map(String).join(", ");
}

/** The errors of the SDK, as far as they are alike. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  /** Whose fault, according to the answer. Missing where it could not be read. */
  readonly $fault?: "client" | "server";
  readonly Messages?: { readonly Message?: unknown };
  readonly $metadata?: { readonly httpStatusCode?: number };
}
