// What a program registered, as the parts of the local cloud: a decision as a value.
import * as v from "valibot";
import type { ProgramResult } from "./engine/engine.ts";
import type { RegisteredResource } from "./engine/graph.ts";
import type { Archive } from "./engine/value.ts";

/** https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html: what an on-demand stream starts with. */
const ON_DEMAND_SHARDS = 4;

const functionInputs = v.object({
  role: v.string(),
  runtime: v.literal("nodejs24.x"),
  handler: v.string(),
  code: v.custom<Archive>((code) => typeof code === "object" && code !== null && "archive" in code),
  timeout: v.optional(v.number(), 3),
  memorySize: v.optional(v.number(), 128),
  reservedConcurrentExecutions: v.optional(v.number()),
  environment: v.optional(v.object({ variables: v.optional(v.record(v.string(), v.string()), {}) })),
  loggingConfig: v.optional(v.object({ logFormat: v.picklist(["JSON", "Text"]) })),
});

const mappingInputs = v.strictObject({
  eventSourceArn: v.string(),
  functionName: v.string(),
  destinationConfig: v.optional(v.object({ onFailure: v.object({ destinationArn: v.string() }) })),
  startingPosition: v.picklist(["TRIM_HORIZON", "LATEST"]),
  enabled: v.optional(v.literal(true)),
  tags: v.optional(v.unknown()),
  batchSize: v.exactOptional(v.number()),
  maximumBatchingWindowInSeconds: v.exactOptional(v.number()),
  functionResponseTypes: v.exactOptional(v.array(v.literal("ReportBatchItemFailures"))),
  bisectBatchOnFunctionError: v.exactOptional(v.boolean()),
  maximumRetryAttempts: v.exactOptional(v.number()),
  maximumRecordAgeInSeconds: v.exactOptional(v.number()),
});

export type CloudPlan = ReturnType<typeof planCloud>;

/**
 * The one stream, function and mapping of the program, and the queue for what fails.
 * @throws where there is not one of each, they do not belong together, or have what the local cloud has not
 */
export function planCloud({ resources }: Pick<ProgramResult, "resources">) {
  const stream = only(resources, "aws:kinesis/stream:Stream");
  const lambda = only(resources, "aws:lambda/function:Function");
  const mapping = only(resources, "aws:lambda/eventSourceMapping:EventSourceMapping");
  const { eventSourceArn, functionName, destinationConfig, enabled, tags, ...settings } = parse(
    mappingInputs,
    mapping,
  );
  expectSame(`${mapping.urn}: eventSourceArn`, [stream.outputs.arn], eventSourceArn);
  expectSame(`${mapping.urn}: functionName`, [lambda.outputs.arn, lambda.id], functionName);
  const queueArn = destinationConfig?.onFailure.destinationArn;
  if (queueArn !== undefined) {
    const queues = resources.filter(({ type }) => type === "aws:sqs/queue:Queue");
    expectSame(
      `${mapping.urn}: onFailure`,
      queues.map(({ outputs }) => outputs.arn),
      queueArn,
    );
  }
  return {
    stream: { name: String(stream.outputs.name), shards: shardsOf(stream), arn: String(stream.outputs.arn) },
    region: String(stream.outputs.region),
    function: { name: lambda.id, ...parse(functionInputs, lambda) },
    mapping: settings,
    queueArn,
  };
}

function shardsOf({ inputs }: RegisteredResource): number {
  return typeof inputs.shardCount === "number" ? inputs.shardCount : ON_DEMAND_SHARDS;
}

function only(resources: readonly RegisteredResource[], type: string): RegisteredResource {
  const found = resources.filter((resource) => resource.type === type);
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`expected one resource ${type}, found ${found.length}`);
  return first;
}

function parse<const T extends v.GenericSchema>(
  schema: T,
  { urn, inputs }: RegisteredResource,
): v.InferOutput<T> {
  const result = v.safeParse(schema, inputs);
  if (result.success) return result.output;
  const { path, message } = result.issues[0];
  throw new Error(`${urn}: ${path?.map(({ key }) => key).join(".") ?? ""}: ${message}`);
}

function expectSame(place: string, expected: readonly unknown[], found: string): void {
  if (!expected.includes(found)) throw new Error(`${place}: expected ${expected.join(" or ")}, got ${found}`);
}
