// Whether IAM lets a principal do something, in the words of AWS where it does not.
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { LOCAL_ACCOUNT_ID } from "../lambda/environment.ts";
import type { Principal } from "./principals.ts";

export interface IamRequest {
  readonly principal: Principal;
  /** `kinesis:PutRecord`. */
  readonly action: string;
  readonly resourceArn: string;
  /** The values of the condition keys that AWS has for this call. */
  readonly context?: Readonly<Record<string, string[]>>;
}

/**
 * The message with which AWS denies the request, undefined where it is allowed. All is in one account, so the
 * principal's own policies decide.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * @throws for an action, condition key or policy that is none of AWS's
 */
export async function findDenial(request: IamRequest): Promise<string | undefined> {
  const { principal, action, resourceArn, context = {} } = request;
  const decision = await runSimulation(
    {
      request: {
        principal: principal.arn,
        action,
        resource: { resource: resourceArn, accountId: LOCAL_ACCOUNT_ID },
        contextVariables: { ...contextOf(principal), ...context },
      },
      identityPolicies: [...principal.policies],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (decision.resultType === "error") {
    throw new Error(`IAM: ${action} on ${resourceArn}: ${JSON.stringify(decision.errors)}`);
  }
  // "wildcard" is the answer for `*`: then a right on some resource would do, which is not how AWS decides.
  if (decision.resultType === "single" && decision.overallResult === "Allowed") return undefined;
  const reason =
    decision.overallResult === "ExplicitlyDenied"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resourceArn} ${reason}`;
}

/** Of temporary credentials, AWS knows when they were issued. */
function contextOf({ arn }: Principal): Record<string, string> {
  return arn.startsWith("arn:aws:sts:") ? { "aws:TokenIssueTime": new Date().toISOString() } : {};
}

/** @throws in the words of AWS where the request is denied. */
export async function expectAllowed(request: IamRequest): Promise<void> {
  const denial = await findDenial(request);
  if (denial !== undefined) throw new Error(denial);
}
