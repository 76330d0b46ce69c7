import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dashboardBody } from "./dashboard-body.ts";
import type { StackSettings } from "./settings-schema.ts";

/** The dashboard. Gives its address in the console. */
export function createDashboard(
  { streamName }: StackSettings,
  region: pulumi.Output<string>,
  alarms: readonly aws.cloudwatch.MetricAlarm[],
): pulumi.Output<string> {
  const body = pulumi
    .all([region, pulumi.all(alarms.map(({ arn }) => arn))])
    .apply(([where, alarmArns]) => dashboardBody({ region: where, streamName, alarmArns }));
  const dashboard = new aws.cloudwatch.Dashboard("dashboard", {
    dashboardName: streamName,
    dashboardBody: body,
  });
  return pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
}
