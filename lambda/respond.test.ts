import { assert, describe } from "../scripts/describe.ts";
import { respond } from "./respond.ts";

const arrival = (position: number, sequenceNumber: string) => ({ position, sequenceNumber, arrivedAtMs: 0 });

describe("respond", (test) => {
  test("reports no failure where nothing is left", () => {
    assert.equal(respond([]), { batchItemFailures: [] });
  });

  test("reports only the lowest number in the order of the shard", () => {
    const left = [arrival(3, "100"), arrival(1, "9"), arrival(2, "10")];
    assert.equal(respond(left), { batchItemFailures: [{ itemIdentifier: "9" }] });
  });
});
