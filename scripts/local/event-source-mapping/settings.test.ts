import { assert, describe } from "../../describe.ts";
import { type EventSourceMappingArgs, parseSettings } from "./settings.ts";

const parse = (args: Partial<EventSourceMappingArgs>) =>
  parseSettings({ startingPosition: "LATEST", ...args });

describe("parseSettings", (test) => {
  test("adds AWS's defaults", () => {
    assert.equal(parse({}), {
      startingPosition: "LATEST",
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      functionResponseTypes: [],
      bisectBatchOnFunctionError: false,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: -1,
    });
  });

  const accepted: Partial<EventSourceMappingArgs>[] = [
    { batchSize: 1 },
    { batchSize: 10_000 },
    { maximumBatchingWindowInSeconds: 300 },
    { maximumRetryAttempts: 0 },
    { maximumRetryAttempts: 10_000 },
    { maximumRecordAgeInSeconds: 60 },
    { maximumRecordAgeInSeconds: 604_800 },
  ];
  for (const args of accepted) {
    test(`accepts ${JSON.stringify(args)}`, () => {
      assert.equal(parse(args), { ...parse({}), ...args });
    });
  }

  const refused: [args: Partial<EventSourceMappingArgs>, message: RegExp][] = [
    [
      { startingPosition: "AT_TIMESTAMP" as "LATEST" },
      /^event source mapping: startingPosition: expected TRIM_HORIZON or LATEST, got "AT_TIMESTAMP"$/,
    ],
    [{ batchSize: 0 }, /^event source mapping: batchSize: expected an integer from 1 to 10000, got 0$/],
    [
      { batchSize: 10_001 },
      /^event source mapping: batchSize: expected an integer from 1 to 10000, got 10001$/,
    ],
    [{ batchSize: 1.5 }, /batchSize: expected an integer from 1 to 10000, got 1\.5$/],
    [{ batchSize: -1 }, /batchSize: expected an integer from 1 to 10000, got -1$/],
    [{ maximumBatchingWindowInSeconds: 301 }, /InSeconds: expected an integer from 0 to 300, got 301$/],
    [
      { maximumRetryAttempts: -2 },
      /maximumRetryAttempts: expected -1 or an integer from 0 to 10000, got -2$/,
    ],
    [{ maximumRecordAgeInSeconds: 59 }, /InSeconds: expected -1 or an integer from 60 to 604800, got 59$/],
    [
      { maximumRecordAgeInSeconds: 604_801 },
      /InSeconds: expected -1 or an integer from 60 to 604800, got 604801$/,
    ],
  ];
  for (const [args, message] of refused) {
    test(`refuses ${JSON.stringify(args)}`, () => assert.throws(() => parse(args), message));
  }
});
