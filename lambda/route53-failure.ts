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
const NAMES_BY_KIND: Readonly<Record<Exclude<FailureKind, "transient">, readonly string[]>> = {
  // As the SDK has them, so that the whole account waits whatever service spells it.
  // https://github.com/smithy-lang/smithy-typescript/blob/main/packages/service-error-classification/src/constants.ts
  throttled: [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
  ],
  invalid: ["InvalidChangeBatch", "InvalidInput", "ValidationError", "ValidationException"],
  denied: ["AccessDenied", "AccessDeniedException"],
  "no-zone": ["NoSuchHostedZone"],
};
const KINDS: ReadonlyMap<string, FailureKind> = new Map(
  (Object.keys(NAMES_BY_KIND) as (keyof typeof NAMES_BY_KIND)[]).flatMap((kind) =>
    NAMES_BY_KIND[kind].map((name): [string, FailureKind] => [name, kind]),
  ),
);
/** What the SDK calls an error that it cannot name. */
const NAMELESS = new Set(["Unknown", "UnknownError"]);

/**
 * Reads what the SDK threw. Only an answer that is known to speak of the batch is permanent: a name is never
 * dropped for a fault of the account, its credentials, the network, the clock or this function, nor for an
 * answer that is new.
 */
export function readFailure(error: unknown): Failure {
  const { name = "Error", message = "", $metadata, Messages } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // The form <InvalidChangeBatch><Messages> in which AWS documents that error has no name for the SDK.
  const isNamelessForm = NAMELESS.has(name) && status === 400 && Messages !== undefined;
  const kind = KINDS.get(name) ?? (isNamelessForm ? "invalid" : "transient");
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
  readonly Messages?: { readonly Message?: unknown };
  readonly $metadata?: { readonly httpStatusCode?: number };
}
