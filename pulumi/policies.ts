// Who may do what, as pure functions of ARNs. Every action and key is one of AWS's own list:
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** What the function may change in one zone. */
export interface ZoneGrant {
  readonly zoneArn: string;
  /** In the form of `normalizedName`, where `*` stands for any text. */
  readonly names: readonly string[];
}

export interface UpdaterArns {
  readonly streamArn: string;
  readonly logGroupArn: string;
  readonly queueArn: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: of a role's inline policies together. */
export const MOST_POLICY_CHARACTERS = 10_240;

const policy = (...statements: PolicyStatement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

/**
 * All that the key on a device may do: itself, and by no session. Every user may make one with GetSessionToken, no
 * policy asked, and for up to 36 hours it outlives the key that made it. Requests of temporary credentials have the
 * time when these were issued; those that a user's own key signs have not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tokenissuetime
 */
export function devicePolicy(streamArn: string): PolicyDocument {
  return policy({
    Sid: "PutOnStream",
    Effect: "Allow",
    Action: ["kinesis:PutRecord"],
    Resource: streamArn,
    Condition: { Null: { "aws:TokenIssueTime": "true" } },
  });
}

/** That Lambda, and nothing else, may act as the function's role. */
export const lambdaTrustPolicy = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
  ],
} as const;

/** All that the function may do. */
export function executionPolicy(arns: UpdaterArns, grants: readonly ZoneGrant[]): PolicyDocument {
  const { streamArn, logGroupArn, queueArn } = arns;
  return policy(
    {
      Sid: "ReadStream",
      Effect: "Allow",
      Action: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ],
      Resource: streamArn,
    },
    {
      Sid: "WriteOwnLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      // Lambda makes the log streams, so their names cannot be known.
      Resource: `${logGroupArn}:*`,
    },
    { Sid: "ReportFailures", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: queueArn },
    ...grants.map(changeStatement),
  );
}

const NAMES = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
const TYPES = "route53:ChangeResourceRecordSetsRecordTypes";
const ACTIONS = "route53:ChangeResourceRecordSetsActions";

/**
 * UPSERT of A and AAAA records of these names in this zone. ForAllValues is true of a key that is not there, so
 * each key must be there (`Null`).
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
 */
function changeStatement({ zoneArn, names }: ZoneGrant, index: number): PolicyStatement {
  const exact = { [TYPES]: ["A", "AAAA"], [ACTIONS]: ["UPSERT"] };
  const hasPatterns = names.some((name) => name.includes("*"));
  return {
    Sid: `ChangeZone${index}`,
    Effect: "Allow",
    Action: ["route53:ChangeResourceRecordSets"],
    Resource: zoneArn,
    Condition: {
      // One operator for all names: with two, a batch would have to satisfy both.
      ...(hasPatterns
        ? { "ForAllValues:StringEquals": exact, "ForAllValues:StringLike": { [NAMES]: names } }
        : { "ForAllValues:StringEquals": { [NAMES]: names, ...exact } }),
      Null: { [NAMES]: "false", [TYPES]: "false", [ACTIONS]: "false" },
    },
  };
}

/** How AWS counts: without white space, of which there is none here. */
export function policySize(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}
