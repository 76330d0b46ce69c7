import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fqdnToWire, parseFqdn } from "../lambda/contract/fqdn.ts";
import { quote } from "../lambda/contract/refusal.ts";
import type { StackSettings } from "./settings-schema.ts";

type ZoneSettings = StackSettings["zones"][number];

/**
 * The ids of the zones, in their order, of the account's public zones. Looked up before anything is registered, so
 * that a zone that is not there is all that is said.
 * @throws {pulumi.RunError} which Pulumi shows without a stack trace
 */
export function lookUpZoneIds({ zones }: StackSettings): Promise<string[]> {
  return Promise.all(zones.map((zone, index) => lookUpZoneId(zone, `zones[${index}]`)));
}

async function lookUpZoneId({ name, id }: ZoneSettings, place: string): Promise<string> {
  // Route 53 knows names by their A-labels.
  const wanted = fqdnToWire(parseFqdn(name));
  if (id === undefined) {
    const expectation = `${place}.name: expected one public hosted zone ${quote(wanted)}`;
    return (await lookUp({ name: wanted, privateZone: false }, expectation)).zoneId;
  }
  const expectation = `${place}.id: expected the public hosted zone ${quote(wanted)}`;
  const found = await lookUp({ zoneId: id }, expectation);
  const foundName = found.name.toLowerCase().replace(/\.$/, "");
  if (found.privateZone) refuse(`${expectation}, got ${quote(id)}, which is a private one`);
  if (foundName !== wanted) refuse(`${expectation}, got ${quote(id)}, which is ${quote(foundName)}`);
  return found.zoneId;
}

async function lookUp(wanted: aws.route53.GetZoneArgs, expectation: string) {
  try {
    return await aws.route53.getZone(wanted);
  } catch (error) {
    refuse(`${expectation}: ${reasonOf(error)}`, error);
  }
}

/** What the provider says, without the names of what hands it on, on one line. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replaceAll(/\s+/g, " ")
    .replace(/^.*error occurred: \* /, "")
    .trim();
}

function refuse(problem: string, cause?: unknown): never {
  throw new pulumi.RunError(`Pulumi.${pulumi.getStack()}.yaml: ${problem}`, { cause });
}
