import { howToSet } from "../config/how-to-set.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";

/** What a publication was for, as far as messages tell it. */
export interface Target {
  /** The configuration file that was read. */
  readonly configPath: string | undefined;
}

export interface Meaning {
  readonly exitCode: ExitCode;
  readonly meaning: string;
  /** What to do, where that is known. */
  readonly fix?: (target: Target) => string;
  /** Whether the stream may have the record, although it did not say so. */
  readonly mayHaveArrived?: true;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html and API_PutRecord.html */
export const meanings: readonly (readonly [names: readonly string[], Meaning])[] = [
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
    {
      exitCode: exitCode.noPermission,
      meaning: "AWS refuses the credentials",
    },
  ],
  [
    ["CredentialsProviderError"],
    {
      exitCode: exitCode.configuration,
      meaning: "found no AWS credentials",
      fix: ({ configPath }) =>
        howToSet('access_key_id = "AKIA..." and secret_access_key = "..."', configPath),
    },
  ],
  [
    ["ResourceNotFoundException"],
    {
      exitCode: exitCode.configuration,
      meaning: "there is no such stream in this region and account",
    },
  ],
  [
    ["InvalidArgumentException", "ValidationException", "KMSDisabledException", "KMSNotFoundException"],
    {
      exitCode: exitCode.configuration,
      meaning: "the stream does not take the record",
    },
  ],
  [
    [
      "ProvisionedThroughputExceededException",
      "LimitExceededException",
      "KMSThrottlingException",
      "ThrottlingException",
    ],
    {
      exitCode: exitCode.tryAgain,
      meaning: "the stream takes no more just now",
    },
  ],
];
