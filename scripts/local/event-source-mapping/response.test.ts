import fc from "fast-check";
import { assert, describe } from "../../describe.ts";
import { failures, sequenceNumber, streamRecords } from "./fixture.ts";
import { countSucceeded } from "./response.ts";

describe("countSucceeded", (test) => {
  const n = sequenceNumber;
  const table: [title: string, payload: unknown, succeeded: number][] = [
    ["an empty list", failures(), 4],
    ["a null list", { batchItemFailures: null }, 4],
    ["an object without the list", {}, 4],
    ["null", null, 4],
    ["an empty text", "", 4],
    ["a text", "done", 4],
    ["an empty array", [], 4],
    ["the first", failures(n(0)), 0],
    ["the third", failures(n(2)), 2],
    ["the last", failures(n(3)), 3],
    ["several, in any order: the lowest", failures(n(3), n(1), n(2)), 1],
    ["one whose number is lower but whose text is higher", failures(n(2), n(1)), 1],
    ["the same one twice", failures(n(2), n(2)), 2],
    ["an empty identifier", failures(""), 0],
    ["a null identifier", failures(null), 0],
    ["a number as an identifier", failures(123), 0],
    ["an identifier that is not of the batch", failures(n(4)), 0],
    ["a known one and an unknown one", failures(n(2), n(9)), 0],
    ["a known one and an empty one", failures(n(2), ""), 0],
    ["an eventID in place of the sequence number", failures(`shardId-000000000000:${n(2)}`), 0],
    ["a bad key", { batchItemFailures: [{ foo: n(2) }] }, 0],
    ["a bad key with null", { batchItemFailures: [{ foo: null }] }, 0],
    ["null in the list", { batchItemFailures: [null] }, 0],
    ["a text in the list", { batchItemFailures: [n(2)] }, 0],
    ["a list that is none", { batchItemFailures: n(2) }, 0],
  ];
  for (const [title, payload, succeeded] of table) {
    test(`of 4 is ${succeeded} for ${title}`, () => {
      assert.is(countSucceeded(payload, streamRecords(4)), succeeded);
    });
  }

  test("is what comes before the lowest, whatever is reported after it and in whatever order", () => {
    const reported = fc.uniqueArray(fc.nat(30), { minLength: 1 });
    fc.assert(
      fc.property(reported, (indices) => {
        assert.is(countSucceeded(failures(...indices.map(n)), streamRecords(31)), Math.min(...indices));
      }),
    );
  });

  test("takes any payload", () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        const succeeded = countSucceeded({ batchItemFailures: payload }, streamRecords(3));
        assert.ok(succeeded === 0 || succeeded === 3);
      }),
    );
  });
});
