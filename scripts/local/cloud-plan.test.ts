import { assert, describe } from "../describe.ts";
import { planCloud } from "./cloud-plan.ts";
import { runProgram } from "./engine/engine.ts";
import { createProgram } from "./engine/fixture.ts";
import type { RegisteredResource } from "./engine/graph.ts";

const SOURCE = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const stream = new aws.kinesis.Stream("stream", { name: "s", streamModeDetails: { streamMode: "ON_DEMAND" } });
const lambda = new aws.lambda.Function("function", { name: "f", role: "arn:aws:iam::000000000000:role/r",
  runtime: "nodejs24.x", handler: "index.handler", code: new pulumi.asset.AssetArchive({}) });
new aws.lambda.EventSourceMapping("mapping", { eventSourceArn: stream.arn, functionName: lambda.name,
  startingPosition: "LATEST", batchSize: 7 });
`;
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const FUNCTION = "aws:lambda/function:Function";

describe("the plan of the local cloud", (test) => {
  let resources: readonly RegisteredResource[] = [];
  test.before(async () => {
    const program = await createProgram(SOURCE);
    ({ resources } = await runProgram({ config: {}, projectFolder: program.folder }));
    await program.remove();
  });

  test("is what the program registered, with AWS's defaults for what it left out", () => {
    const { stream, region, function: lambda, mapping, queueArn } = planCloud({ resources });
    const arn = "arn:aws:kinesis:eu-west-1:000000000000:stream/s";
    assert.equal(
      { stream, region, mapping, queueArn },
      {
        stream: { name: "s", shards: 4, arn },
        region: "eu-west-1",
        mapping: { startingPosition: "LATEST", batchSize: 7 },
        queueArn: undefined,
      },
    );
    assert.equal([lambda.name, lambda.timeout, lambda.memorySize], ["f", 3, 128]);
  });

  const refusals: readonly (readonly [what: string, type: string, inputs: object, message: RegExp])[] = [
    [
      "a stream of somebody else",
      MAPPING,
      { eventSourceArn: "arn:x" },
      /eventSourceArn: expected arn:aws:.*, got arn:x$/,
    ],
    ["another function", MAPPING, { functionName: "g" }, /functionName: expected .* or f, got g$/],
    ["what the poller cannot do", MAPPING, { parallelizationFactor: 2 }, /mapping: parallelizationFactor: /],
    [
      "a queue that is not there",
      MAPPING,
      { destinationConfig: { onFailure: { destinationArn: "arn:q" } } },
      /onFailure: expected .*, got arn:q$/,
    ],
    ["another runtime", FUNCTION, { runtime: "nodejs20.x" }, /function: runtime: .*nodejs24\.x/],
  ];
  for (const [what, type, inputs, message] of refusals) {
    test(`refuses ${what}`, () => {
      const changed = resources.map((resource) =>
        resource.type === type ? { ...resource, inputs: { ...resource.inputs, ...inputs } } : resource,
      );
      assert.throws(() => planCloud({ resources: changed }), message);
    });
  }

  test("needs one of each", () => {
    const none = resources.filter(({ type }) => type !== MAPPING);
    assert.throws(
      () => planCloud({ resources: none }),
      /^expected one resource .*EventSourceMapping, found 0$/,
    );
    const two = [...resources, ...resources.filter(({ type }) => type === FUNCTION)];
    assert.throws(() => planCloud({ resources: two }), /^expected one resource .*:Function, found 2$/);
  });
});
