import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackSettings } from "./settings-schema.ts";

/** The ids of the zones, in their order: those given, the others looked up among the account's public zones. */
export function lookUpZoneIds({ zones }: StackSettings): pulumi.Output<string[]> {
  return pulumi.all(
    zones.map(({ name, id }) =>
      id === undefined ? aws.route53.getZoneOutput({ name, privateZone: false }).zoneId : pulumi.output(id),
    ),
  );
}
