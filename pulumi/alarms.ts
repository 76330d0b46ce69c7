import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmDefinitions } from "./alarm-definitions.ts";
import type { StackSettings } from "./settings-schema.ts";

/** The alarms, and the topic that they and their ends are told to. */
export function createAlarms(settings: StackSettings): aws.cloudwatch.MetricAlarm[] {
  const { streamName, alarmEmail, tags } = settings;
  const parent = new pulumi.ComponentResource("update-route53:cloud:Alarms", "alarms");
  const topic = new aws.sns.Topic("alarms", { name: `${streamName}-alarms`, tags }, { parent });
  if (alarmEmail !== undefined) {
    new aws.sns.TopicSubscription(
      "alarm-email",
      { topic: topic.arn, protocol: "email", endpoint: alarmEmail },
      { parent: topic },
    );
  }
  return alarmDefinitions(settings).map(
    ({ name, description, ...watched }) =>
      new aws.cloudwatch.MetricAlarm(
        name,
        {
          name: `${streamName}-${name}`,
          alarmDescription: description,
          ...watched,
          alarmActions: [topic.arn],
          okActions: [topic.arn],
          tags,
        },
        { parent },
      ),
  );
}
