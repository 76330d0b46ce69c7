import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createExecutionRole } from "./execution-role.ts";
import { failuresQueueName, logGroupName } from "./physical-names.ts";
import { settingsDocument } from "./settings-document.ts";
import type { StackSettings } from "./settings-schema.ts";

const TIMEOUT_SECONDS = 60;
/**
 * The most there is, and less where the event would pass 6 MB: in a storm, a call to Route 53 for each zone of a
 * batch is what takes the time. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
const BATCH_SIZE = 10_000;
/** Gathers what devices send in the same moment, such as after a power cut, into few calls. */
const BATCHING_WINDOW_SECONDS = 1;
/** Outlasts an outage of Route 53, and bounds how long what can never succeed holds up its shard. */
const LONGEST_RETRY_SECONDS = 6 * 3_600;
/** The longest that SQS keeps a message. */
const FAILURES_KEPT_SECONDS = 14 * 86_400;

export interface UpdaterOptions {
  readonly settings: StackSettings;
  readonly stream: aws.kinesis.Stream;
  readonly zoneIds: readonly string[];
  readonly bundlePath: string;
}

/** The function that moves names: its log, its rights, its stream, and the queue of what it could not do. */
export function createUpdater(options: UpdaterOptions): aws.lambda.Function {
  const { streamName, logRetentionDays, tags } = options.settings;
  const parent = new pulumi.ComponentResource("update-route53:cloud:Updater", "updater");
  const queue = new aws.sqs.Queue(
    "failures",
    {
      name: failuresQueueName(streamName),
      messageRetentionSeconds: FAILURES_KEPT_SECONDS,
      sqsManagedSseEnabled: true,
      tags,
    },
    { parent },
  );
  const logGroup = new aws.cloudwatch.LogGroup(
    "log",
    { name: logGroupName(streamName), retentionInDays: logRetentionDays, tags },
    { parent },
  );
  const { role, rolePolicy } = createExecutionRole({ ...options, logGroup, queue }, parent);
  // A function without its rights could be called, and Lambda refuses a mapping whose role cannot read the stream.
  const updater = createFunction(options, { logGroup, role }, { parent, dependsOn: [rolePolicy] });
  createMapping(options, { updater, queue }, { parent, dependsOn: [rolePolicy] });
  return updater;
}

function createFunction(
  { settings, zoneIds, bundlePath }: UpdaterOptions,
  { logGroup, role }: { logGroup: aws.cloudwatch.LogGroup; role: aws.iam.Role },
  resourceOptions: pulumi.CustomResourceOptions,
) {
  const { streamName, memoryMb, reservedConcurrency, tags } = settings;
  const code = new pulumi.asset.AssetArchive({
    "index.mjs": new pulumi.asset.FileAsset(bundlePath),
    "settings.json": new pulumi.asset.StringAsset(JSON.stringify(settingsDocument(settings, zoneIds))),
  });
  return new aws.lambda.Function(
    "function",
    {
      name: streamName,
      description: "Moves DNS names to the addresses that devices put on the stream",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code,
      role: role.arn,
      timeout: TIMEOUT_SECONDS,
      memorySize: memoryMb,
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      tags,
    },
    resourceOptions,
  );
}

function createMapping(
  { settings: { tags }, stream }: UpdaterOptions,
  { updater, queue }: { updater: aws.lambda.Function; queue: aws.sqs.Queue },
  resourceOptions: pulumi.CustomResourceOptions,
) {
  return new aws.lambda.EventSourceMapping(
    "mapping",
    {
      eventSourceArn: stream.arn,
      functionName: updater.arn,
      startingPosition: "TRIM_HORIZON",
      batchSize: BATCH_SIZE,
      maximumBatchingWindowInSeconds: BATCHING_WINDOW_SECONDS,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRecordAgeInSeconds: LONGEST_RETRY_SECONDS,
      destinationConfig: { onFailure: { destinationArn: queue.arn } },
      tags,
    },
    resourceOptions,
  );
}
