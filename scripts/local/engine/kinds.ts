// What AWS answers when the resources of a program are created: one row for each kind there is.
// The ids are what the provider's import command of each kind takes: https://www.pulumi.com/registry/packages/aws/

/** Where the resources are imagined to be. */
export interface CloudAccount {
  readonly accountId: string;
  readonly region: string;
}

/** One kind of resource. */
export interface Kind {
  /** The input that names it in AWS. */
  readonly named?: string;
  readonly answer: (known: Known) => { readonly id: string } & Record<string, unknown>;
}

/** What a row may use: the inputs as text, and the makers of ids and ARNs. */
export interface Known {
  readonly text: (input: string) => string;
  readonly arn: (service: string, rest: string) => string;
  readonly globalArn: (service: string, rest: string) => string;
  /** A made-up id, the same on every run. */
  readonly made: (prefix: string, length: number) => string;
  readonly account: CloudAccount;
}

const withArn = (arn: string) => ({ id: arn, arn });

const attachment: Kind = { answer: ({ made }) => ({ id: made("attachment-", 26) }) };

function inlinePolicy(owner: "role" | "user"): Kind {
  return { named: "name", answer: ({ text }) => ({ id: `${text(owner)}:${text("name")}` }) };
}

export const KINDS: Readonly<Record<string, Kind>> = {
  "aws:kinesis/stream:Stream": {
    named: "name",
    answer: ({ arn, text }) => withArn(arn("kinesis", `stream/${text("name")}`)),
  },
  "aws:lambda/function:Function": {
    named: "name",
    answer({ arn, text, made, account }) {
      const own = arn("lambda", `function:${text("name")}`);
      const invokeArn = `arn:aws:apigateway:${account.region}:lambda:path/2015-03-31/functions/${own}/invocations`;
      const version = { version: "$LATEST", qualifiedArn: `${own}:$LATEST`, codeSha256: made("", 44) };
      return { id: text("name"), arn: own, invokeArn, ...version };
    },
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    answer({ arn, text, made }) {
      const id = made("", 32).toLowerCase();
      const target = text("functionName").split(":").at(-1);
      const functionArn = arn("lambda", `function:${target}`);
      return {
        id,
        uuid: id,
        arn: arn("lambda", `event-source-mapping:${id}`),
        functionArn,
        state: "Enabled",
      };
    },
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    answer: ({ text }) => ({ id: text("functionName") }),
  },
  "aws:lambda/permission:Permission": { answer: ({ made }) => ({ id: made("statement-", 16) }) },
  "aws:iam/role:Role": {
    named: "name",
    answer: ({ globalArn, text, made }) => ({
      id: text("name"),
      arn: globalArn("iam", `role${text("path") || "/"}${text("name")}`),
      uniqueId: made("AROA", 17),
    }),
  },
  "aws:iam/user:User": {
    named: "name",
    answer: ({ globalArn, text, made }) => ({
      id: text("name"),
      arn: globalArn("iam", `user${text("path") || "/"}${text("name")}`),
      uniqueId: made("AIDA", 17),
    }),
  },
  "aws:iam/accessKey:AccessKey": {
    answer: ({ made }) => ({ id: made("AKIA", 16), secret: made("", 40), sesSmtpPasswordV4: made("B", 43) }),
  },
  "aws:iam/policy:Policy": {
    named: "name",
    answer: ({ globalArn, text, made }) => ({
      ...withArn(globalArn("iam", `policy${text("path") || "/"}${text("name")}`)),
      policyId: made("ANPA", 17),
    }),
  },
  "aws:iam/rolePolicy:RolePolicy": inlinePolicy("role"),
  "aws:iam/userPolicy:UserPolicy": inlinePolicy("user"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attachment,
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": attachment,
  "aws:sqs/queue:Queue": {
    named: "name",
    answer({ arn, text, account }) {
      const url = `https://sqs.${account.region}.amazonaws.com/${account.accountId}/${text("name")}`;
      return { id: url, url, arn: arn("sqs", text("name")) };
    },
  },
  "aws:sqs/queuePolicy:QueuePolicy": { answer: ({ text }) => ({ id: text("queueUrl") }) },
  "aws:sns/topic:Topic": { named: "name", answer: ({ arn, text }) => withArn(arn("sns", text("name"))) },
  "aws:sns/topicPolicy:TopicPolicy": { answer: ({ text }) => ({ id: text("arn") }) },
  "aws:sns/topicSubscription:TopicSubscription": {
    answer: ({ text, made }) => withArn(`${text("topic")}:${made("", 36).toLowerCase()}`),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    named: "name",
    answer: ({ arn, text }) => ({ id: text("name"), arn: arn("logs", `log-group:${text("name")}`) }),
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    named: "name",
    answer: ({ text }) => ({ id: text("name") }),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    named: "name",
    answer: ({ arn, text }) => ({ id: text("name"), arn: arn("cloudwatch", `alarm:${text("name")}`) }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    answer: ({ globalArn, text }) => ({
      id: text("dashboardName"),
      dashboardArn: globalArn("cloudwatch", `dashboard/${text("dashboardName")}`),
    }),
  },
};
