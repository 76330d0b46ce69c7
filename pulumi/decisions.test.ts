// What IAM decides of each call, both ways, by a simulator that knows AWS's own list of actions and keys.
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { assert, describe } from "../scripts/describe.ts";
import { devicePolicy, executionPolicy, type PolicyDocument } from "./policies.ts";

const ACCOUNT = "111111111111";
const STREAM = `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/s`;
const LOG_GROUP = `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/lambda/s`;
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:s-failures`;
const ZONE = "arn:aws:route53:::hostedzone/Z1";
const PATTERN_ZONE = "arn:aws:route53:::hostedzone/Z2";

const device = devicePolicy(STREAM);
const updater = executionPolicy({ streamArn: STREAM, logGroupArn: LOG_GROUP, queueArn: QUEUE }, [
  { zoneArn: ZONE, names: ["attic.kept.org", "shed.kept.org"] },
  { zoneArn: PATTERN_ZONE, names: ["*.attic.kept.dev", "attic.kept.dev"] },
]);

interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Record<string, string | string[]>;
  /** Of the caller. That of the resource by default. */
  readonly account?: string;
}

async function decide(policy: PolicyDocument, { action, resource, context = {}, account = ACCOUNT }: Call) {
  const outcome = await runSimulation(
    {
      identityPolicies: [{ name: "policy", policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        action,
        principal: `arn:aws:iam::${account}:user/caller`,
        resource: { accountId: ACCOUNT, resource },
        contextVariables: context,
      },
    },
    {},
  );
  if (outcome.resultType === "error") throw new Error(JSON.stringify(outcome.errors));
  return outcome.overallResult;
}

interface Change {
  readonly name?: string;
  readonly type?: string;
  readonly action?: string;
}

const KEYS = {
  names: "route53:ChangeResourceRecordSetsNormalizedRecordNames",
  types: "route53:ChangeResourceRecordSetsRecordTypes",
  actions: "route53:ChangeResourceRecordSetsActions",
};

/** A call that changes these; what is not said is right. */
function changing(changes: readonly Change[], resource = ZONE): Call {
  const context = {
    [KEYS.names]: changes.map(({ name = "attic.kept.org" }) => name),
    [KEYS.types]: changes.map(({ type = "A" }) => type),
    [KEYS.actions]: changes.map(({ action = "UPSERT" }) => action),
  };
  return { action: "route53:ChangeResourceRecordSets", resource, context };
}

function without(key: keyof typeof KEYS): Call {
  const call = changing([{}]);
  const { [KEYS[key]]: _, ...context } = call.context ?? {};
  return { ...call, context };
}

const on = (resource: string, ...actions: string[]): Call[] =>
  actions.map((action) => ({ action, resource }));

const putRecord = { action: "kinesis:PutRecord", resource: STREAM };
const readActions = [
  "DescribeStream",
  "DescribeStreamSummary",
  "GetRecords",
  "GetShardIterator",
  "ListShards",
];

/** As a session of the user asks, made with GetSessionToken: its requests have the time when it was issued. */
const bySession = (call: Call): Call => ({
  ...call,
  context: { ...call.context, "aws:TokenIssueTime": "2026-11-23T05:00:00Z" },
});

const ALLOWED: readonly (readonly [string, PolicyDocument, readonly Call[]])[] = [
  ["the device to put on the stream", device, [putRecord]],
  [
    "the function to read the stream, by the session that Lambda has of its role",
    updater,
    on(STREAM, ...readActions.map((name) => `kinesis:${name}`)).map(bySession),
  ],
  [
    "the function to log",
    updater,
    on(`${LOG_GROUP}:log-stream:2026/11/23/[$LATEST]0`, "logs:PutLogEvents", "logs:CreateLogStream"),
  ],
  ["the function to report failures", updater, on(QUEUE, "sqs:SendMessage")],
  ["a change of an A and an AAAA record", updater, [changing([{}, { type: "AAAA" }])]],
  ["a change of all names of a zone", updater, [changing([{}, { name: "shed.kept.org" }])]],
  [
    "a change of names that match patterns, wildcard names included",
    updater,
    [
      changing(
        [{ name: "attic.kept.dev" }, { name: "x.attic.kept.dev" }, { name: "\\052.attic.kept.dev" }],
        PATTERN_ZONE,
      ),
    ],
  ],
];

const DENIED: readonly (readonly [string, PolicyDocument, readonly Call[]])[] = [
  ["the device to put on another stream", device, [{ ...putRecord, resource: `${STREAM}2` }]],
  [
    "the device to put on a stream of another region",
    device,
    [{ ...putRecord, resource: STREAM.replace("eu-west-1", "eu-west-2") }],
  ],
  ["a session that was made with the device's key", device, [bySession(putRecord)]],
  ["the device of another account", device, [{ ...putRecord, account: "222222222222" }]],
  [
    "the device anything else on the stream",
    device,
    on(STREAM, ...[...readActions, "PutRecords", "DeleteStream"].map((name) => `kinesis:${name}`)),
  ],
  ["the device to change DNS", device, [changing([{}])]],
  [
    "PutRecords of another account",
    device,
    [{ action: "kinesis:PutRecords", resource: STREAM, account: "222222222222" }],
  ],
  ["the function to put on the stream", updater, [putRecord]],
  ["the function to read another stream", updater, on(`${STREAM}2`, "kinesis:GetRecords")],
  ["the function to log elsewhere", updater, on(`${LOG_GROUP}2:log-stream:x`, "logs:PutLogEvents")],
  ["the function to use another queue", updater, on(`${QUEUE}2`, "sqs:SendMessage")],
  ["the function to take from its queue", updater, on(QUEUE, "sqs:ReceiveMessage")],
  [
    "the function to read or delete a zone",
    updater,
    on(ZONE, "route53:ListResourceRecordSets", "route53:DeleteHostedZone"),
  ],
  ["DELETE and CREATE", updater, ["DELETE", "CREATE"].map((action) => changing([{ action }]))],
  [
    "records that are not addresses",
    updater,
    ["TXT", "CNAME", "NS", "MX", "SOA"].map((type) => changing([{ type }])),
  ],
  [
    "a name not configured",
    updater,
    ["kept.org", "x.attic.kept.org", "atti.kept.org", "xattic.kept.org"].map((name) => changing([{ name }])),
  ],
  [
    "the wildcard below a name",
    updater,
    [changing([{ name: "\\052.attic.kept.org" }]), changing([{ name: "\\052.kept.org" }])],
  ],
  // Never in a request, since AWS normalizes names: the policy matches the normalized form only.
  [
    "a name that is not normalized",
    updater,
    ["ATTIC.kept.org", "attic.kept.org.", "Attic.Kept.Org."].map((name) => changing([{ name }])),
  ],
  [
    "a name next to a pattern",
    updater,
    ["kept.dev", "xattic.kept.dev", "shed.kept.dev", "\\052.kept.dev"].map((name) =>
      changing([{ name }], PATTERN_ZONE),
    ),
  ],
  ["another zone", updater, [changing([{}], "arn:aws:route53:::hostedzone/Z3")]],
  [
    "the names of one zone in another",
    updater,
    [changing([{}], PATTERN_ZONE), changing([{ name: "attic.kept.dev" }])],
  ],
  [
    "a batch with one bad change",
    updater,
    [{ name: "x.kept.org" }, { type: "TXT" }, { action: "DELETE" }].map((bad) => changing([{}, {}, bad])),
  ],
  [
    "a batch of patterns with one bad change",
    updater,
    [{ name: "kept.dev" }, { type: "NS" }, { action: "DELETE" }].map((bad) =>
      changing([{ name: "a.attic.kept.dev" }, { name: "attic.kept.dev", ...bad }], PATTERN_ZONE),
    ),
  ],
  ["a request without one of the keys", updater, [without("names"), without("types"), without("actions")]],
];

describe("IAM", (test) => {
  for (const [what, policy, calls] of ALLOWED) {
    test(`allows ${what}`, async () => {
      for (const call of calls) assert.is(await decide(policy, call), "Allowed", JSON.stringify(call));
    });
  }
  for (const [what, policy, calls] of DENIED) {
    test(`denies ${what}`, async () => {
      for (const call of calls)
        assert.is(await decide(policy, call), "ImplicitlyDenied", JSON.stringify(call));
    });
  }
});
