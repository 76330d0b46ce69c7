import { assert, describe } from "../../scripts/describe.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { classifyPublishError, describeFailure, publishExitCode } from "./publish-error.ts";

function sdkError(name: string, httpStatusCode?: number, message = "said so"): Error {
  const error = new Error(message);
  error.name = name;
  return Object.assign(error, { $metadata: { httpStatusCode } });
}

const target = { stream: "s", region: "eu-west-1", configPath: "a.toml" };
const reasonOf = (...errors: readonly Error[]) => describeFailure(errors, target).reason;

describe("classifyPublishError", (test) => {
  const cases: [string, number | undefined, ExitCode][] = [
    ["UnrecognizedClientException", 400, exitCode.noPermission],
    ["InvalidSignatureException", 400, exitCode.noPermission],
    ["AccessDeniedException", 400, exitCode.noPermission],
    ["SomethingNew", 403, exitCode.noPermission],
    ["ResourceNotFoundException", 400, exitCode.configuration],
    ["ValidationException", 400, exitCode.configuration],
    ["SomethingNew", 400, exitCode.configuration],
    ["CredentialsProviderError", undefined, exitCode.configuration],
    ["ProvisionedThroughputExceededException", 400, exitCode.tryAgain],
    ["InternalFailure", 500, exitCode.tryAgain],
    ["ServiceUnavailable", 503, exitCode.tryAgain],
    ["SomethingNew", 429, exitCode.tryAgain],
    ["TimeoutError", undefined, exitCode.tryAgain],
    ["Error", undefined, exitCode.tryAgain],
  ];
  for (const [name, status, code] of cases) {
    test(`gives ${code} for ${name} with status ${status}`, () => {
      assert.is(publishExitCode(sdkError(name, status)), code);
    });
  }

  test("has an error of the language for a bug of ours, unless an answer or a setting made it", () => {
    assert.is(publishExitCode(new RangeError("out of range")), exitCode.bug);
    assert.is(publishExitCode(new TypeError("x is not a function")), exitCode.bug);
    const answered = Object.assign(new TypeError("null"), { $metadata: { httpStatusCode: 502 } });
    assert.is(publishExitCode(answered), exitCode.tryAgain);
    assert.is(
      publishExitCode(Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL" })),
      exitCode.configuration,
    );
  });

  test("knows what may have arrived, and what never left", () => {
    const mayHaveArrived = (error: Error) => classifyPublishError(error, target).mayHaveArrived ?? false;
    const coded = (code: string) => Object.assign(new Error("said so"), { code });
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"])
      assert.is(mayHaveArrived(coded(code)), false, code);
    for (const code of ["CERT_NOT_YET_VALID", "SELF_SIGNED_CERT_IN_CHAIN", "ERR_TLS_CERT_ALTNAME_INVALID"]) {
      assert.is(mayHaveArrived(coded(code)), false, code);
      assert.is(publishExitCode(coded(code)), exitCode.tryAgain);
    }
    for (const code of ["ECONNRESET", "EPIPE", "ETIMEDOUT"])
      assert.is(mayHaveArrived(coded(code)), true, code);
    assert.is(mayHaveArrived(sdkError("TimeoutError")), true);
    assert.is(mayHaveArrived(sdkError("InternalFailure", 500)), true);
    assert.is(mayHaveArrived(sdkError("ProvisionedThroughputExceededException", 400)), false);
    assert.is(mayHaveArrived(sdkError("AccessDeniedException", 400)), false);
  });

  test("does not look at the message", () => {
    assert.is(publishExitCode(sdkError("Error", 500, "AccessDeniedException")), exitCode.tryAgain);
  });

  test("tells the first line of what was said, cut short", () => {
    assert.is(
      reasonOf(sdkError("X", 400, `no\ncanonical request: ...`)),
      "the stream does not take the record (X: no)",
    );
    assert.is(
      reasonOf(sdkError("X", 500, "y".repeat(999))).length,
      "the stream cannot be reached just now (X: )".length + 300,
    );
  });

  test("names the code of an error without a message", () => {
    const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
    assert.is(reasonOf(refused), "the stream cannot be reached just now (AggregateError: ECONNREFUSED)");
  });
});

describe("describeFailure", (test) => {
  const advice: [string, string][] = [
    [
      "AccessDeniedException",
      "this key may not put records on stream s in eu-west-1; check stream and region, or the key and its policy",
    ],
    [
      "KMSAccessDeniedException",
      "this key may not use the KMS key of stream s in eu-west-1; check the policy of the KMS key",
    ],
    [
      "ResourceNotFoundException",
      "the account of this key has no stream s in eu-west-1; check stream and region, or the key",
    ],
    [
      "UnrecognizedClientException",
      "AWS does not take this access key in eu-west-1; check the access key id and the region",
    ],
    ["ExpiredTokenException", "the AWS credentials have expired; renew them"],
    ["InvalidSignatureException", "AWS refuses the credentials; check the secret access key, and the clock"],
    [
      "CredentialsProviderError",
      'found no AWS credentials; put access_key_id = "AKIA..." and secret_access_key = "..." at the top of a.toml',
    ],
  ];
  for (const [name, told] of advice) {
    test(`says of ${name} what to do, before what was said`, () => {
      assert.is(reasonOf(sdkError(name, 400)), `${told} (${name}: said so)`);
    });
  }

  test("tells the last error, and that any of them may have reached the stream", () => {
    const [lost, expired] = [sdkError("TimeoutError"), sdkError("ExpiredTokenException", 400)];
    assert.equal(describeFailure([lost, expired], target), {
      exitCode: exitCode.noPermission,
      reason: "the AWS credentials have expired; renew them (ExpiredTokenException: said so)",
      mayHaveArrived: true,
    });
    assert.is("mayHaveArrived" in describeFailure([expired], target), false);
  });
});
