import { type Change, RRType } from "@aws-sdk/client-route-53";
import { assert, describe } from "../../describe.ts";
import { decodeChanges } from "./change-input.ts";

const NAME = "home.example.com";

function changeOf(rrset: object, action = "UPSERT"): Change {
  const base = { Name: NAME, Type: "A", TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] };
  return { Action: action, ResourceRecordSet: { ...base, ...rrset } } as Change;
}

function refusal(changes: readonly Change[] | undefined): string {
  try {
    decodeChanges(changes);
    return "nothing";
  } catch (error) {
    return String(error);
  }
}

describe("the form of a change batch", (test) => {
  const incomplete = (element: string, expected: string) =>
    `InvalidInput: Invalid XML ; cvc-complex-type.2.4.b: The content of element '${element}' is not complete. ` +
    `One of '{"https://route53.amazonaws.com/doc/2013-04-01/":${expected}}' is expected.`;
  const outOf = (value: string, enumeration: string) =>
    `InvalidInput: Invalid XML ; cvc-enumeration-valid: Value '${value}' is not facet-valid with respect to ` +
    `enumeration '[${enumeration}]'. It must be a value from the enumeration.`;
  const beyond = (value: number, end: string, limit: number) =>
    `InvalidInput: Invalid XML ; cvc-${end}-valid: Value '${value}' is not facet-valid with respect to ` +
    `${end} '${limit}' for type 'TTL'.`;
  const neither =
    "InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or " +
    `TrafficPolicyInstanceId], but found none in Change with [Action=UPSERT, Name=${NAME}, Type=A, ` +
    "SetIdentifier=null]";
  const missing = (what: string) => `NotImplemented: ${what} is not implemented by the local Route 53`;

  const refused: readonly (readonly [string, Change[] | undefined, string])[] = [
    ["no changes", undefined, incomplete("Changes", "Change")],
    ["an empty list of changes", [], incomplete("Changes", "Change")],
    ["no action", [changeOf({}, "")], incomplete("Change", "Action")],
    ["an unknown action", [changeOf({}, "PUT")], outOf("PUT", "CREATE, DELETE, UPSERT")],
    ["no name", [changeOf({ Name: undefined })], incomplete("ResourceRecordSet", "Name")],
    ["no type", [changeOf({ Type: undefined })], incomplete("ResourceRecordSet", "Type")],
    ["no such type", [changeOf({ Type: "LOC" })], outOf("LOC", Object.keys(RRType).join(", "))],
    ["no TTL", [changeOf({ TTL: undefined })], neither],
    ["no resource records", [changeOf({ ResourceRecords: undefined })], neither],
    ["a TTL above 2147483647", [changeOf({ TTL: 2 ** 31 })], beyond(2 ** 31, "maxInclusive", 2 ** 31 - 1)],
    ["a TTL below 0", [changeOf({ TTL: -1 })], beyond(-1, "minInclusive", 0)],
    [
      "a TTL that is no integer",
      [changeOf({ TTL: 1.5 })],
      "InvalidInput: Invalid XML ; cvc-datatype-valid.1.2.1: '1.5' is not a valid value for 'integer'.",
    ],
    [
      "an empty list of values",
      [changeOf({ ResourceRecords: [] })],
      incomplete("ResourceRecords", "ResourceRecord"),
    ],
    ["a record of no value", [changeOf({ ResourceRecords: [{}] })], incomplete("ResourceRecord", "Value")],
    ["a type not implemented here", [changeOf({ Type: "MX" })], missing("A record set of type MX")],
    [
      "a routing policy",
      [changeOf({ SetIdentifier: "one" })],
      missing("SetIdentifier in a ResourceRecordSet"),
    ],
    [
      "an alias",
      [changeOf({ TTL: undefined, ResourceRecords: undefined, AliasTarget: {} })],
      missing("AliasTarget in a ResourceRecordSet"),
    ],
    ["a second change that is wrong", [changeOf({}), changeOf({ TTL: -1 })], beyond(-1, "minInclusive", 0)],
  ];
  for (const [title, changes, expected] of refused) {
    test(`is refused with ${title}`, () => assert.is(refusal(changes), expected));
  }

  test("is taken with a TTL at either end", () => {
    const decoded = decodeChanges([changeOf({ TTL: 0 }), changeOf({ TTL: 2 ** 31 - 1 }, "DELETE")]);
    assert.equal(decoded, [
      { action: "UPSERT", name: NAME, type: "A", ttlSeconds: 0, values: ["192.0.2.1"] },
      { action: "DELETE", name: NAME, type: "A", ttlSeconds: 2 ** 31 - 1, values: ["192.0.2.1"] },
    ]);
  });
});
