// What IAM is asked about a call to Route 53.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
import type { ChangeBatch } from "@aws-sdk/client-route-53";
import { findDenial, type IamRequest } from "../iam/decision.ts";
import type { Principal } from "../iam/principals.ts";
import { accessDenied, Route53Error } from "./error.ts";
import { decodeName } from "./name.ts";
import type { Route53Call } from "./server.ts";

/** A guard for `beforeCall`: refuses unknown keys, and what the policies of a known one do not allow. */
export function createRoute53Guard(
  principalOf: (accessKeyId: string) => Principal | undefined,
): (call: Route53Call) => Promise<void> {
  return async (call) => {
    const principal = principalOf(call.accessKeyId ?? "");
    if (!principal) {
      const message = "The security token included in the request is invalid.";
      throw new Route53Error("InvalidClientTokenId", 403, [message]);
    }
    const denial = await findDenial({ principal, ...route53Request(call) });
    if (denial !== undefined) throw accessDenied(denial);
  };
}

/** The action, resource and condition keys of a call. */
export function route53Request({
  operation,
  hostedZoneId,
  input,
}: Route53Call): Omit<IamRequest, "principal"> {
  const action = `route53:${operation}`;
  if (operation === "GetChange") return { action, resourceArn: `arn:aws:route53:::change/${input.Id}` };
  const resourceArn = hostedZoneId === undefined ? "*" : `arn:aws:route53:::hostedzone/${hostedZoneId}`;
  if (operation !== "ChangeResourceRecordSets") return { action, resourceArn };
  return { action, resourceArn, context: changeContext(input.ChangeBatch as ChangeBatch | undefined) };
}

/** A key without values is missing, as in AWS. */
function changeContext(changeBatch: ChangeBatch | undefined): Record<string, string[]> {
  const changes = changeBatch?.Changes ?? [];
  if (changes.length === 0) return {};
  const key = (name: string) => `route53:ChangeResourceRecordSets${name}`;
  const names = changes.map(({ ResourceRecordSet }) => normalizedName(ResourceRecordSet?.Name ?? ""));
  const types = changes.map(({ ResourceRecordSet }) => ResourceRecordSet?.Type ?? "");
  return {
    [key("NormalizedRecordNames")]: distinct(names),
    [key("RecordTypes")]: distinct(types),
    [key("Actions")]: distinct(changes.map(({ Action }) => Action ?? "")),
  };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Lower case, octal escapes, no trailing dot. What is no name stays as it is: the call fails for that. */
function normalizedName(text: string): string {
  const result = decodeName(text);
  return "name" in result ? result.name.replace(/\.$/, "") : text;
}
