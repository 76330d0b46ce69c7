import { type Fqdn, parseFqdn } from "../lambda/contract/fqdn.ts";
import { type GrantPlan, type NameGrant, planNameGrants } from "./name-grants.ts";
import { executionPolicy, MOST_POLICY_CHARACTERS, policySize, type UpdaterArns } from "./policies.ts";
import type { StackSettings } from "./settings-schema.ts";

/** A policy is planned before its ARNs are known, so for the longest there can be. */
const LONGEST_NAME = "x".repeat(64);
const LONGEST_PLACE = `${"x".repeat(20)}:${"0".repeat(12)}`;
const LONGEST_ARNS: UpdaterArns = {
  streamArn: `arn:aws-us-gov:kinesis:${LONGEST_PLACE}:stream/${LONGEST_NAME}`,
  logGroupArn: `arn:aws-us-gov:logs:${LONGEST_PLACE}:log-group:/aws/lambda/${LONGEST_NAME}`,
  queueArn: `arn:aws-us-gov:sqs:${LONGEST_PLACE}:${LONGEST_NAME}-failures`,
};
const LONGEST_ZONE_ARN = hostedZoneArn(LONGEST_ARNS.streamArn, "Z".repeat(32));

/** The names that the function's role is granted, narrowed as far as one policy can hold. */
export function planExecutionGrants({ zones, devices, unsignedDomains }: StackSettings): GrantPlan {
  const domains = [...unsignedDomains, ...devices.flatMap((device) => device.domains)];
  return planNameGrants(apexesOf(zones), domains, fitsPolicy);
}

/** The zones' names, in their order. */
export function apexesOf(zones: StackSettings["zones"]): Fqdn[] {
  return zones.map(({ name }) => parseFqdn(name));
}

function fitsPolicy(grants: readonly NameGrant[]): boolean {
  const longest = grants.map(({ names }) => ({ zoneArn: LONGEST_ZONE_ARN, names }));
  return policySize(executionPolicy(LONGEST_ARNS, longest)) <= MOST_POLICY_CHARACTERS;
}

/** The ARN of a hosted zone, in the partition (`aws`, `aws-cn`, ...) of another ARN. */
export function hostedZoneArn(otherArn: string, zoneId: string): string {
  return `arn:${otherArn.split(":")[1]}:route53:::hostedzone/${zoneId}`;
}
