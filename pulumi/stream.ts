import * as aws from "@pulumi/aws";
import type { StackSettings } from "./settings-schema.ts";

/** The stream that devices put their updates on. Protected: destroying it loses updates, and needs a second thought. */
export function createStream({ streamName, shards, retentionHours, encryption, tags }: StackSettings) {
  const capacity =
    shards === "on-demand"
      ? { streamModeDetails: { streamMode: "ON_DEMAND" } }
      : { streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: shards };
  return new aws.kinesis.Stream(
    "stream",
    {
      name: streamName,
      ...capacity,
      retentionPeriod: retentionHours,
      // With AWS's own key for Kinesis, whoever may put needs no right on the key.
      ...(encryption ? { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" } : { encryptionType: "NONE" }),
      tags,
    },
    { protect: true },
  );
}
