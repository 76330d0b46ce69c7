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
  readonly reason: string;
  /** One line, with what AWS says quoted. */
  readonly message: string;
}

const LONGEST_MESSAGE = 500;

// https://docs.aws.amazon.com/Route53/latest/APIReference/CommonErrors.html and API_ChangeResourceRecordSets
const KINDS: Readonly<Record<string, FailureKind>> = {
  Throttling: "throttled",
  ThrottlingException: "throttled",
  ThrottledException: "throttled",
  TooManyRequestsException: "throttled",
  RequestLimitExceeded: "throttled",
  PriorRequestNotComplete: "transient",
  RequestExpired: "transient",
  InvalidChangeBatch: "invalid",
  InvalidInput: "invalid",
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  NoSuchHostedZone: "no-zone",
};

/**
 * Reads what the SDK threw. Whatever is not known to be permanent is transient: a name is never dropped for a
 * fault of the account, the network or this function.
 */
export function readFailure(error: unknown): Failure {
  const { name, message, messages, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // The SDK has no name for an error document in the documented form <InvalidChangeBatch><Messages>.
  const kind = KINDS[name] ?? (status === 400 && name === "Unknown" ? "invalid" : "transient");
  const said = [...(messages ?? []), message].find((text) => text !== undefined && text !== "") ?? "";
  const place = status === undefined ? "Route 53" : `Route 53 answered ${status}`;
  return { kind, reason: name, message: `${place}: ${quote(said, LONGEST_MESSAGE)}` };
}

/** Whether the same call may work later. */
export function isTransient({ kind }: Failure): boolean {
  return kind === "transient" || kind === "throttled";
}

interface SdkError {
  readonly name: string;
  readonly message?: string;
  /** Of InvalidChangeBatch: one for each change that is wrong. */
  readonly messages?: readonly string[];
  readonly $metadata?: { readonly httpStatusCode?: number };
}
