import type { Change, ChangeAction, RRType } from "@aws-sdk/client-route-53";
import { assert, describe } from "../../describe.ts";
import { planChangeBatch } from "./change.ts";
import { createZone } from "./zone.ts";

const RECORDS = "InvalidChangeBatch: [Number of records limit of 1000 exceeded.]";
const CHARACTERS = "InvalidChangeBatch: [RDATA character limit of 32000 exceeded.]";

function changes(
  count: number,
  { action, type, value }: { action: string; type: string; value: string },
): Change[] {
  return Array.from({ length: count }, (_, index) => ({
    Action: action as ChangeAction,
    ResourceRecordSet: {
      Name: `h${index}.example.com`,
      Type: type as RRType,
      TTL: 60,
      ResourceRecords: [{ Value: value }],
    },
  }));
}

/** How many names the batch would change, or why it may not. */
function outcome(batch: Change[]): number | string {
  const zone = createZone({ id: "Z1", name: "example.com.", nameServers: ["ns-1.test."] });
  try {
    return planChangeBatch(zone, { Changes: batch }).size;
  } catch (error) {
    return String(error);
  }
}

describe("the quotas of a change batch", (test) => {
  const address = { type: "A", value: "192.0.2.1" };
  const text = { type: "TXT", value: `"${"x".repeat(198)}"` };
  const cases: readonly (readonly [string, Change[], number | string])[] = [
    ["500 UPSERTs pass", changes(500, { action: "UPSERT", ...address }), 500],
    ["501 UPSERTs are stopped", changes(501, { action: "UPSERT", ...address }), RECORDS],
    ["1000 CREATEs pass", changes(1_000, { action: "CREATE", ...address }), 1_000],
    ["1001 CREATEs are stopped", changes(1_001, { action: "CREATE", ...address }), RECORDS],
    ["32000 characters in CREATEs pass", changes(160, { action: "CREATE", ...text }), 160],
    ["32200 characters in CREATEs are stopped", changes(161, { action: "CREATE", ...text }), CHARACTERS],
    ["16000 characters in UPSERTs pass", changes(80, { action: "UPSERT", ...text }), 80],
    ["16200 characters in UPSERTs are stopped", changes(81, { action: "UPSERT", ...text }), CHARACTERS],
  ];
  for (const [title, batch, expected] of cases) test(title, () => assert.is(outcome(batch), expected));

  test("count values, not changes", () => {
    const values = Array.from({ length: 501 }, (_, index) => ({
      Value: `192.0.${index >> 8}.${index & 255}`,
    }));
    const [one] = changes(1, { action: "UPSERT", ...address });
    const rrset = { ...one?.ResourceRecordSet, ResourceRecords: values };
    assert.is(outcome([{ ...one, ResourceRecordSet: rrset } as Change]), RECORDS);
  });

  test("are both told where both are passed", () => {
    const batch = changes(501, { action: "UPSERT", type: "TXT", value: `"${"x".repeat(40)}"` });
    assert.is(
      outcome(batch),
      "InvalidChangeBatch: [Number of records limit of 1000 exceeded., RDATA character limit of 32000 exceeded.]",
    );
  });
});
