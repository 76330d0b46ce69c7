// The principals of a Pulumi program with the policies that it gives them.
import type { RegisteredResource } from "../engine/graph.ts";

export interface AttachedPolicy {
  readonly name: string;
  readonly policy: unknown;
}

/** Who makes a call. */
export interface Principal {
  /** As IAM names who made a call; of a role that is the session, not the role. */
  readonly arn: string;
  readonly policies: readonly AttachedPolicy[];
}

type Owner = "user" | "role";

const INLINE = { user: "aws:iam/userPolicy:UserPolicy", role: "aws:iam/rolePolicy:RolePolicy" } as const;
const ATTACHED = {
  user: "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  role: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
} as const;
/** What would give or take rights and is not followed here. */
const UNFOLLOWED = ["managedPolicyArns", "inlinePolicies", "permissionsBoundary"];

/** The users of the program by the ids of their active access keys. */
export function usersByAccessKey(resources: readonly RegisteredResource[]): Map<string, Principal> {
  const users = new Map<string, Principal>();
  for (const { id, inputs } of ofType(resources, "aws:iam/accessKey:AccessKey")) {
    if (inputs.status === "Inactive") continue;
    const user = owner(resources, "aws:iam/user:User", String(inputs.user));
    const policies = policiesOf(resources, "user", user.id);
    users.set(id, { arn: String(user.outputs.arn), policies });
  }
  return users;
}

/**
 * The session that Lambda has of the role, for the function of this name.
 * @throws in the words of AWS where the role's trust policy does not let Lambda have one
 */
export function sessionOfRole(
  resources: readonly RegisteredResource[],
  { roleArn, functionName }: { readonly roleArn: string; readonly functionName: string },
): Principal {
  const role = owner(resources, "aws:iam/role:Role", roleArn);
  if (!trustsLambda(role.inputs.assumeRolePolicy)) {
    throw new Error(`${role.urn}: The role defined for the function cannot be assumed by Lambda.`);
  }
  const session = roleArn.replace(/^arn:aws:iam::(\d+):role\/(?:.*\/)?/, "arn:aws:sts::$1:assumed-role/");
  return { arn: `${session}/${functionName}`, policies: policiesOf(resources, "role", role.id) };
}

interface TrustStatement {
  readonly Effect: string;
  readonly Principal: { readonly Service?: string | readonly string[] };
  readonly Action: string | readonly string[];
  readonly Condition?: unknown;
}

/** Whether one statement lets Lambda assume the role, unconditionally, and none forbids anything. */
function trustsLambda(assumeRolePolicy: unknown): boolean {
  const { Statement = [] } = (parsePolicy(assumeRolePolicy) ?? {}) as { Statement?: TrustStatement[] };
  return (
    Statement.every(({ Effect }) => Effect === "Allow") &&
    Statement.some(
      ({ Principal, Action, Condition }) =>
        Condition === undefined &&
        [Principal.Service].flat().includes("lambda.amazonaws.com") &&
        [Action].flat().includes("sts:AssumeRole"),
    )
  );
}

function owner(resources: readonly RegisteredResource[], type: string, key: string): RegisteredResource {
  const found = ofType(resources, type).find(({ id, outputs }) => id === key || outputs.arn === key);
  if (!found) throw new Error(`expected a resource ${type} with the name or ARN ${key}, found none`);
  const unfollowed = UNFOLLOWED.find((input) => found.inputs[input] !== undefined);
  if (unfollowed) throw new Error(`${found.urn}: ${unfollowed} is not followed by the local cloud`);
  return found;
}

function policiesOf(
  resources: readonly RegisteredResource[],
  kind: Owner,
  ownerName: string,
): AttachedPolicy[] {
  const isOwned = ({ inputs }: RegisteredResource) => inputs[kind] === ownerName;
  const inline = ofType(resources, INLINE[kind]).filter(isOwned);
  const attached = ofType(resources, ATTACHED[kind])
    .filter(isOwned)
    .map(({ inputs }) => owner(resources, "aws:iam/policy:Policy", String(inputs.policyArn)));
  return [...inline, ...attached].map(({ name, inputs }) => ({ name, policy: parsePolicy(inputs.policy) }));
}

function parsePolicy(policy: unknown): unknown {
  return typeof policy === "string" ? JSON.parse(policy) : policy;
}

function ofType(resources: readonly RegisteredResource[], type: string): RegisteredResource[] {
  return resources.filter((resource) => resource.type === type);
}
