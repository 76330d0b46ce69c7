import { inspect } from "node:util";
import { quote } from "./contract/refusal.ts";

/** What a failed call means for the names of its batch. */
export type FailureKind =
  /** The same call may work later. Where it never does, a name of the batch is what Route 53 fails on. */
  | "transient"
  /** As `transient`, and no fault of the batch: no answer came, or Route 53 was busy with the zone. */
  | "busy"
  /** As `transient`, and every other call of the account would fail too. */
  | "throttled"
  /** Some name of the batch makes the whole batch impossible. */
  | "invalid"
  /** As `invalid`, unless something between here and Route 53 has answered: it does not say. */
  | "unclear"
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
const NAMES_BY_KIND: Readonly<Record<Exclude<FailureKind, "transient" | "unclear">, readonly string[]>> = {
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
  busy: ["PriorRequestNotComplete"],
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
 * Reads what the SDK threw, or anything else. Only an answer that is known to speak of the batch is permanent: a name
 * is never dropped for a fault of the account, its credentials, the network, the clock or this function, nor for an
 * answer that is new.
 */
export function readFailure(error: unknown): Failure {
  const { name, message, $metadata, Messages } = fieldsOf(error);
  const { httpStatusCode } = fieldsOf($metadata);
  const status = typeof httpStatusCode === "number" ? httpStatusCode : undefined;
  const reason = name === undefined ? "Error" : printed(name);
  const said = textOf(fieldsOf(Messages).Message) || textOf(typeof error === "string" ? error : message);
  const kind = KINDS.get(reason) ?? kindOfAnswer({ reason, status, hasMessages: Messages !== undefined });
  const place = status === undefined ? "the call to Route 53 failed" : `Route 53 answered ${status}`;
  return { kind, reason, said, message: `${place}: ${quote(said, LONGEST_MESSAGE)}` };
}

interface Answer {
  readonly reason: string;
  readonly status: number | undefined;
  /** In the form <InvalidChangeBatch><Messages> in which AWS documents that error, which has no name for the SDK. */
  readonly hasMessages: boolean;
}

function kindOfAnswer({ reason, status, hasMessages }: Answer): FailureKind {
  if (status === undefined) return "busy";
  if (status !== 400 || !NAMELESS.has(reason)) return "transient";
  return hasMessages ? "invalid" : "unclear";
}

/** Whether the same call may work later. */
export function isTransient({ kind }: Failure): boolean {
  return kind === "transient" || kind === "busy" || kind === "throttled";
}

/** A message, or some, on one line; nothing where there is none. */
function textOf(message: unknown): string {
  return [message ?? []].flat().map(printed).join(", ");
}

/** As text, whatever it is: an XML element in place of a text is an object to the SDK. */
function printed(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { breakLength: Number.POSITIVE_INFINITY });
}

/** The fields of an object; none of anything else. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
}
