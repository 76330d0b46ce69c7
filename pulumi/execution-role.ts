import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fqdnToWire } from "../lambda/contract/fqdn.ts";
import { apexesOf, hostedZoneArn, planExecutionGrants } from "./execution-grants.ts";
import { executionPolicy, lambdaTrustPolicy, MOST_POLICY_CHARACTERS } from "./policies.ts";
import type { StackSettings } from "./settings-schema.ts";

export interface ExecutionRoleOptions {
  readonly settings: StackSettings;
  readonly stream: aws.kinesis.Stream;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly queue: aws.sqs.Queue;
  readonly zoneIds: readonly string[];
}

/** The role that the function runs as, and its policy. */
export function createExecutionRole(options: ExecutionRoleOptions, parent: pulumi.Resource) {
  const { tags } = options.settings;
  const role = new aws.iam.Role(
    "updater",
    { assumeRolePolicy: JSON.stringify(lambdaTrustPolicy), tags },
    { parent },
  );
  const rolePolicy = new aws.iam.RolePolicy(
    "updater",
    { role: role.name, policy: policyOf(options, parent) },
    { parent: role },
  );
  return { role, rolePolicy };
}

function policyOf(options: ExecutionRoleOptions, parent: pulumi.Resource): pulumi.Output<string> {
  const { settings, stream, logGroup, queue, zoneIds } = options;
  const { grants, widened } = planExecutionGrants(settings);
  if (widened.length > 0) {
    const problem = `the names in ${widened.map(fqdnToWire).join(", ")} do not fit an IAM policy of ${MOST_POLICY_CHARACTERS} characters`;
    const consequence = "the role may change every address there, and only the function's settings say which";
    const remedy =
      "to narrow it, put the names below one or a few parents and give patterns such as *.PARENT";
    void pulumi.log.warn(`${problem}: ${consequence}; ${remedy}`, parent);
  }
  const apexes = apexesOf(settings.zones);
  return pulumi.all([stream.arn, logGroup.arn, queue.arn]).apply(([streamArn, logGroupArn, queueArn]) => {
    const zoneGrants = grants.map(({ apex, names }) => {
      return { zoneArn: hostedZoneArn(streamArn, zoneIds[apexes.indexOf(apex)] ?? ""), names };
    });
    return JSON.stringify(executionPolicy({ streamArn, logGroupArn, queueArn }, zoneGrants));
  });
}
