import { assert, describe } from "../scripts/describe.ts";
import type { Overruling } from "./coalesce.ts";
import type { Arrival } from "./decode.ts";
import { respond as answer, returnPoint } from "./respond.ts";

const at = (position: number) => ({ position, sequenceNumber: String(position * 10), arrivedAtMs: 0 });
const overruling = (winner: number, overruled: number) => ({ winner: at(winner), overruled: at(overruled) });
const from = (position: number) => ({ batchItemFailures: [{ itemIdentifier: String(position * 10) }] });

const returning = (unapplied: Arrival[], overrulings: Overruling[], isCutShort = false) =>
  returnPoint({ start: at(1), unapplied, overrulings, isCutShort });
const respond = (unapplied: Arrival[], overrulings: Overruling[]) =>
  answer(returning(unapplied, overrulings));

describe("respond", (test) => {
  test("reports no failure where nothing is left, whatever was overruled", () => {
    assert.equal(respond([], [overruling(1, 2)]), { batchItemFailures: [] });
  });

  test("reports only the lowest number in the order of the shard", () => {
    assert.equal(respond([at(30), at(9), at(10)], []), from(9));
  });

  test("goes back to the update that overruled one of those to come again", () => {
    assert.equal(respond([at(5)], [overruling(2, 7)]), from(2));
    assert.equal(respond([at(5)], [overruling(2, 5)]), from(2));
  });

  test("goes back again where that takes in another one", () => {
    assert.equal(respond([at(5)], [overruling(1, 3), overruling(2, 7)]), from(1));
  });

  test("does not go back for what both come again, or neither", () => {
    assert.equal(respond([at(5)], [overruling(6, 7), overruling(5, 8), overruling(2, 4)]), from(5));
  });

  test("does not return to the start of an event that was cut short", () => {
    assert.equal(returning([at(5)], [overruling(1, 7)], true), { from: at(5), isAlone: true });
    assert.equal(returning([at(5)], [overruling(2, 7)], true), { from: at(2), isAlone: false });
    assert.equal(returning([at(1)], [overruling(1, 7)], true), { from: at(1), isAlone: false });
    assert.equal(returning([at(5)], [overruling(1, 7)], false), { from: at(1), isAlone: false });
  });
});
