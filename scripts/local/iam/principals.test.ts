import { devicePolicy } from "../../../pulumi/policies.ts";
import { assert, describe } from "../../describe.ts";
import type { RegisteredResource } from "../engine/graph.ts";
import { findDenial } from "./decision.ts";
import { sessionOfRole, usersByAccessKey } from "./principals.ts";

const STREAM = "arn:aws:kinesis:eu-west-1:000000000000:stream/s";

function resource(type: string, id: string, inputs: object, outputs: object = {}): RegisteredResource {
  return {
    urn: `urn:pulumi:local::tiny::${type}::${id}`,
    type,
    name: id,
    id,
    parent: "",
    isCustom: true,
    isProtected: false,
    inputs: { ...inputs },
    outputs: { ...outputs },
    secretInputs: [],
    secretOutputs: [],
    dependencies: [],
    aliases: [],
    isRetainedOnDelete: false,
    isDeletedBeforeReplaced: false,
    ignoredChanges: [],
  };
}

const policy = (Effect: "Allow" | "Deny", Action: string, Resource = STREAM) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect, Action, Resource }] });
const user = (id: string) =>
  resource("aws:iam/user:User", id, {}, { arn: `arn:aws:iam::000000000000:user/d/${id}` });
const key = (id: string, owner: string, status?: string) =>
  resource("aws:iam/accessKey:AccessKey", id, { user: owner, ...(status && { status }) });
const userPolicy = (owner: string, document: string) =>
  resource("aws:iam/userPolicy:UserPolicy", `${owner}:p`, { user: owner, policy: document });

/** What the holder of the key is told of a PutRecord on the stream. */
function tryPut(resources: readonly RegisteredResource[], accessKey: string) {
  const principal = usersByAccessKey(resources).get(accessKey);
  if (!principal) throw new Error(`no principal for ${accessKey}`);
  return findDenial({ principal, action: "kinesis:PutRecord", resourceArn: STREAM });
}

describe("a user's access key", (test) => {
  test("has the rights of its own user only", async () => {
    const resources = [user("a"), user("b"), key("KA", "a"), key("KB", "b")];
    const both = [...resources, userPolicy("a", policy("Allow", "kinesis:PutRecord"))];
    assert.is(await tryPut(both, "KA"), undefined);
    assert.is(
      await tryPut(both, "KB"),
      `User: arn:aws:iam::000000000000:user/d/b is not authorized to perform: kinesis:PutRecord on resource: ${STREAM} because no identity-based policy allows the kinesis:PutRecord action`,
    );
  });

  test("has those of attached policies, and a denial wins", async () => {
    const arn = "arn:aws:iam::000000000000:policy/put";
    const attached = [
      user("a"),
      key("KA", "a"),
      resource("aws:iam/policy:Policy", arn, { policy: policy("Allow", "kinesis:*") }, { arn }),
      resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", "x", { user: "a", policyArn: arn }),
    ];
    assert.is(await tryPut(attached, "KA"), undefined);
    const denied = [...attached, userPolicy("a", policy("Deny", "kinesis:PutRecord"))];
    assert.match((await tryPut(denied, "KA")) ?? "", / with an explicit deny in an identity-based policy$/);
  });

  test("that is inactive is nobody's", () => {
    assert.equal(
      [...usersByAccessKey([user("a"), key("KA", "a", "Inactive"), key("KB", "a")]).keys()],
      ["KB"],
    );
  });

  test("of a user whose rights are not followed here is refused", () => {
    const bounded = { ...user("a"), inputs: { permissionsBoundary: "arn:aws:iam::aws:policy/x" } };
    assert.throws(() => usersByAccessKey([bounded, key("KA", "a")]), /permissionsBoundary is not followed/);
    assert.throws(() => usersByAccessKey([key("KA", "a")]), /User with the name or ARN a, found none$/);
  });
});

describe("the session of a role", (test) => {
  const roleArn = "arn:aws:iam::000000000000:role/service/r";
  const trust = (statement: object) => ({
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, ...statement }],
    }),
  });
  const roleOf = (inputs: object) => resource("aws:iam/role:Role", "r", inputs, { arn: roleArn });
  const role = roleOf(trust({ Action: "sts:AssumeRole" }));

  test("is named as AWS names it, and has the role's policies", () => {
    const document = policy("Allow", "kinesis:GetRecords");
    const inline = resource("aws:iam/rolePolicy:RolePolicy", "r:p", { role: "r", policy: document });
    const other = resource("aws:iam/rolePolicy:RolePolicy", "q:p", { role: "q", policy: document });
    assert.equal(sessionOfRole([role, inline, other], { roleArn, functionName: "f" }), {
      arn: "arn:aws:sts::000000000000:assumed-role/r/f",
      policies: [{ name: "r:p", policy: JSON.parse(document) }],
    });
  });

  test("has temporary credentials, which a policy can refuse, and a user's key is none", async () => {
    const action = "kinesis:PutRecord";
    const document = devicePolicy(STREAM);
    const inline = resource("aws:iam/rolePolicy:RolePolicy", "r:p", { role: "r", policy: document });
    const principal = sessionOfRole([role, inline], { roleArn, functionName: "f" });
    assert.is(
      await findDenial({ principal, action, resourceArn: STREAM }),
      `User: arn:aws:sts::000000000000:assumed-role/r/f is not authorized to perform: ${action} on resource: ${STREAM} because no identity-based policy allows the ${action} action`,
    );
    assert.is(
      await tryPut([user("a"), key("KA", "a"), userPolicy("a", JSON.stringify(document))], "KA"),
      undefined,
    );
  });

  test("is not Lambda's where the role does not trust Lambda to assume it", () => {
    const Action = ["sts:AssumeRole"];
    const session = (inputs: object) => () =>
      sessionOfRole([roleOf(inputs)], { roleArn, functionName: "f" }).arn;
    assert.ok(session(trust({ Action }))());
    const untrusting = [
      {},
      trust({ Action: "sts:TagSession" }),
      trust({ Action, Principal: { Service: "ec2.amazonaws.com" } }),
      trust({ Action, Principal: { AWS: "*" } }),
      trust({ Action, Effect: "Deny" }),
      trust({ Action, Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } } }),
    ];
    for (const inputs of untrusting) {
      assert.throws(
        session(inputs),
        /^urn:pulumi:local::tiny::aws:iam\/role:Role::r: The role defined for the function cannot be assumed by Lambda\.$/,
      );
    }
  });
});
