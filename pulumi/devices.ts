import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { deviceToml } from "./device-toml.ts";
import { devicePolicy } from "./policies.ts";
import type { DeviceSettings, StackSettings } from "./settings-schema.ts";

/** A user for the device, who may put on the stream. Gives the device's configuration file, a secret. */
export function createDevice(
  device: DeviceSettings,
  stream: aws.kinesis.Stream,
  { tags }: StackSettings,
): pulumi.Output<string> {
  const { name, accessKeys } = device;
  const parent = new pulumi.ComponentResource("update-route53:cloud:Device", name);
  const user = new aws.iam.User(name, { path: "/update-route53/", tags }, { parent });
  const userPolicy = new aws.iam.UserPolicy(
    name,
    { user: user.name, policy: stream.arn.apply((arn) => JSON.stringify(devicePolicy(arn))) },
    { parent: user },
  );
  const keys = accessKeys.map(
    (label) =>
      // The file should not work before the rights are there.
      new aws.iam.AccessKey(
        `${name}/${label}`,
        { user: user.name },
        { parent: user, dependsOn: [userPolicy] },
      ),
  );
  const newest = keys.at(-1);
  if (!newest) throw new Error(`expected at least one access key of device ${name}`);
  return pulumi.secret(
    pulumi
      .all([stream.name, stream.region, newest.id, newest.secret])
      .apply(([streamName, region, accessKeyId, secretAccessKey]) =>
        deviceToml(device, { stream: streamName, region, accessKeyId, secretAccessKey }),
      ),
  );
}
