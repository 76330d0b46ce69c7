import { howToSet } from "../config/how-to-set.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";

/** What a publication was for, as far as messages tell it. */
export interface Target {
  readonly stream: string;
  readonly region: string;
  /** The configuration file that was read. */
  readonly configPath: string | undefined;
}

export interface Meaning {
  readonly exitCode: ExitCode;
  readonly meaning: (target: Target) => string;
  /** What to do, where that is known. */
  readonly fix?: (target: Target) => string;
  /** Whether the stream may have the record, although it did not say so. */
  readonly mayHaveArrived?: true;
}

const refusal = (meaning: Meaning["meaning"], fix: string): Meaning => ({
  exitCode: exitCode.noPermission,
  meaning,
  fix: () => fix,
});

/** Where the AWS SDK finds an endpoint other than its own. */
export const ENDPOINT_FIX =
  "check AWS_ENDPOINT_URL_KINESIS, AWS_ENDPOINT_URL, and endpoint_url in AWS's own configuration";

const CHECK_ALL = "check stream and region, or the key";

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html and API_PutRecord.html */
export const meanings: readonly (readonly [names: readonly string[], Meaning])[] = [
  [
    // Of a stream that is not there, IAM says the same: a device's key is good for one stream only.
    ["AccessDeniedException", "NotAuthorized"],
    refusal(
      ({ stream, region }) => `this key may not put records on stream ${stream} in ${region}`,
      `${CHECK_ALL} and its policy`,
    ),
  ],
  [
    ["KMSAccessDeniedException"],
    refusal(
      ({ stream, region }) => `this key may not use the KMS key of stream ${stream} in ${region}`,
      "check the policy of the KMS key",
    ),
  ],
  [
    // Also where the account has not enabled the region.
    ["InvalidClientTokenId", "OptInRequired", "UnrecognizedClientException"],
    refusal(
      ({ region }) => `AWS does not take this access key in ${region}`,
      "check the access key id and the region",
    ),
  ],
  [["ExpiredTokenException"], refusal(() => "the AWS credentials have expired", "renew them")],
  [
    [
      "IncompleteSignature",
      "IncompleteSignatureException",
      "InvalidSignatureException",
      "MissingAuthenticationTokenException",
      "RequestExpired",
      "RequestInTheFuture",
      "RequestTimeTooSkewed",
      "SignatureDoesNotMatch",
    ],
    refusal(() => "AWS refuses the credentials", "check the secret access key, and the clock"),
  ],
  [
    ["CredentialsProviderError"],
    {
      exitCode: exitCode.configuration,
      meaning: () => "found no AWS credentials",
      fix: ({ configPath }) =>
        howToSet('access_key_id = "AKIA..." and secret_access_key = "..."', configPath),
    },
  ],
  [
    ["ResourceNotFoundException"],
    {
      exitCode: exitCode.configuration,
      meaning: ({ stream, region }) => `the account of this key has no stream ${stream} in ${region}`,
      fix: () => CHECK_ALL,
    },
  ],
  [
    ["InvalidArgumentException", "ValidationException", "KMSDisabledException", "KMSNotFoundException"],
    { exitCode: exitCode.configuration, meaning: () => "the stream does not take the record" },
  ],
  [
    [
      "ProvisionedThroughputExceededException",
      "LimitExceededException",
      "KMSThrottlingException",
      "ThrottlingException",
    ],
    { exitCode: exitCode.tryAgain, meaning: () => "the stream takes no more just now" },
  ],
];
