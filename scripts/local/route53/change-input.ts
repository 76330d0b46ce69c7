// The form of a ChangeBatch: what AWS refuses with InvalidInput before it looks at the zone.
import { type Change, ChangeAction, type ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";
import { invalidInput, notImplemented } from "./error.ts";
import { isRrsetType, type RrsetType } from "./value.ts";

const MAX_TTL_SECONDS = 2_147_483_647;
const NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";

/** A change of one simple record set. The name is still as the caller wrote it. */
export interface RequestedChange {
  readonly action: ChangeAction;
  readonly name: string;
  readonly type: RrsetType;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
}

/**
 * Decodes the changes of a batch.
 * @throws InvalidInput at the first that is not of the form the API's XML schema asks for, NotImplemented at the
 * first that uses a routing policy, an alias or a type this Route 53 does not have.
 */
export function decodeChanges(changes: readonly Change[] | undefined): RequestedChange[] {
  if (!changes?.length) throw incomplete("Changes", "Change");
  return changes.map(decodeChange);
}

function decodeChange({ Action: action, ResourceRecordSet: rrset }: Change): RequestedChange {
  if (!action) throw incomplete("Change", "Action");
  if (!Object.hasOwn(ChangeAction, action)) throw notInEnumeration(action, ChangeAction);
  if (!rrset?.Name) throw incomplete("ResourceRecordSet", "Name");
  const type = decodeType(rrset);
  refuseUnimplemented(rrset);
  const { TTL: ttlSeconds, ResourceRecords: resourceRecords } = rrset;
  if (ttlSeconds === undefined || resourceRecords === undefined) {
    throw invalidInput(
      "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or " +
        `TrafficPolicyInstanceId], but found none in Change with [Action=${action}, Name=${rrset.Name}, ` +
        `Type=${type}, SetIdentifier=null]`,
    );
  }
  if (resourceRecords.length === 0) throw incomplete("ResourceRecords", "ResourceRecord");
  const values = resourceRecords.map(({ Value: value }) => {
    if (value === undefined) throw incomplete("ResourceRecord", "Value");
    return value;
  });
  return { action, name: rrset.Name, type, ttlSeconds: decodeTtl(ttlSeconds), values };
}

function decodeType({ Type: type }: ResourceRecordSet): RrsetType {
  if (!type) throw incomplete("ResourceRecordSet", "Type");
  if (!Object.hasOwn(RRType, type)) throw notInEnumeration(type, RRType);
  if (!isRrsetType(type)) throw notImplemented(`A record set of type ${type}`);
  return type;
}

function decodeTtl(ttlSeconds: number): number {
  if (!Number.isSafeInteger(ttlSeconds)) {
    throw invalidXml(`cvc-datatype-valid.1.2.1: '${ttlSeconds}' is not a valid value for 'integer'.`);
  }
  if (ttlSeconds < 0) throw outOfRange(ttlSeconds, "min", 0);
  if (ttlSeconds > MAX_TTL_SECONDS) throw outOfRange(ttlSeconds, "max", MAX_TTL_SECONDS);
  return ttlSeconds;
}

function refuseUnimplemented(rrset: ResourceRecordSet): void {
  const { Name, Type, TTL, ResourceRecords, ...others } = rrset;
  const [member] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (member) throw notImplemented(`${member} in a ResourceRecordSet`);
}

function invalidXml(message: string): Error {
  return invalidInput(`Invalid XML ; ${message}`);
}

function incomplete(element: string, expected: string): Error {
  return invalidXml(
    `cvc-complex-type.2.4.b: The content of element '${element}' is not complete. ` +
      `One of '{"${NAMESPACE}":${expected}}' is expected.`,
  );
}

function notInEnumeration(value: string, enumeration: object): Error {
  return invalidXml(
    `cvc-enumeration-valid: Value '${value}' is not facet-valid with respect to enumeration ` +
      `'[${Object.keys(enumeration).join(", ")}]'. It must be a value from the enumeration.`,
  );
}

function outOfRange(value: number, end: "min" | "max", limit: number): Error {
  return invalidXml(
    `cvc-${end}Inclusive-valid: Value '${value}' is not facet-valid with respect to ${end}Inclusive ` +
      `'${limit}' for type 'TTL'.`,
  );
}
