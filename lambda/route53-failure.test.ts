import fc from "fast-check";
import { assert, describe } from "../scripts/describe.ts";
import { batchOf, sdkError, zoneNamed } from "../scripts/simulate/route53.ts";
import { splitRefused } from "./change-batch.ts";
import { readFailure } from "./route53-failure.ts";

const invalid = { name: "InvalidChangeBatch", $metadata: { httpStatusCode: 400 } };

describe("readFailure", (test) => {
  const cases: [name: string, thrown: unknown, kind: string, message: string][] = [
    ["undefined", undefined, "busy", 'the call to Route 53 failed: ""'],
    ["null", null, "busy", 'the call to Route 53 failed: ""'],
    ["a text", "x", "busy", 'the call to Route 53 failed: "x"'],
    ["an object with nothing in it", Object.create(null), "busy", 'the call to Route 53 failed: ""'],
    ["an error without a message", invalid, "invalid", 'Route 53 answered 400: ""'],
    [
      "an error with an element for a message",
      { ...invalid, message: { b: "x" } },
      "invalid",
      `Route 53 answered 400: "{ b: 'x' }"`,
    ],
    [
      "an error with two messages",
      { ...invalid, message: ["one", "two"] },
      "invalid",
      'Route 53 answered 400: "one, two"',
    ],
    [
      "an error with two codes",
      { ...sdkError("x", 400, "m"), message: "m", name: ["a", "b"] },
      "transient",
      'Route 53 answered 400: "m"',
    ],
    [
      "an error with messages that are elements",
      { name: "Unknown", Messages: { Message: [{ b: 1 }, null] }, $metadata: { httpStatusCode: 400 } },
      "invalid",
      'Route 53 answered 400: "{ b: 1 }, null"',
    ],
    [
      "an error with a status that is none",
      { name: "x", message: "m", $metadata: { httpStatusCode: "4" } },
      "busy",
      'the call to Route 53 failed: "m"',
    ],
  ];
  for (const [name, thrown, kind, message] of cases) {
    test(`reads ${name}`, () => {
      const failure = readFailure(thrown);
      assert.equal([failure.kind, failure.message], [kind, message]);
    });
  }

  test("reads whatever may be thrown, so that a batch can be split by it", () => {
    const batch = batchOf(zoneNamed("one"), 3);
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withObjectString: true });
    const error = fc.record(
      { name: anything, message: anything, Messages: anything, $metadata: anything },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anything, error), (thrown) => {
        const { reason, said, message } = readFailure(thrown);
        assert.equal([typeof reason, typeof said, typeof message], ["string", "string", "string"]);
        assert.is(splitRefused(batch, said).flatMap(({ rrsets }) => rrsets).length, 3);
      }),
      { numRuns: 2_000 },
    );
  });
});
