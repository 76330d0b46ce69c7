// The operations this Route 53 implements, by AWS's name for each.
import type {
  ChangeResourceRecordSetsRequest,
  GetChangeRequest,
  GetHostedZoneRequest,
  GetHostedZoneResponse,
  ListHostedZonesByNameRequest,
  ListHostedZonesRequest,
  ListResourceRecordSetsRequest,
} from "@aws-sdk/client-route-53";
import { notImplemented } from "./error.ts";
import { describeZone, listHostedZones, listHostedZonesByName, listResourceRecordSets } from "./list.ts";
import { describeChange, type Route53Store, submitChangeBatch, zoneWithId } from "./store.ts";
import type { Zone } from "./zone.ts";

type Operation = (store: Route53Store, input: never, nowMs: number) => object;

const operations: Readonly<Record<string, Operation>> = {
  ChangeResourceRecordSets: (store, input: ChangeResourceRecordSetsRequest, nowMs) => ({
    ChangeInfo: submitChangeBatch(store, { id: input.HostedZoneId, changeBatch: input.ChangeBatch, nowMs }),
  }),
  GetChange: (store, { Id }: GetChangeRequest, nowMs) => ({ ChangeInfo: describeChange(store, Id, nowMs) }),
  GetHostedZone: (store, { Id }: GetHostedZoneRequest) => describeHostedZone(zoneWithId(store, Id)),
  ListHostedZones: (store, input: ListHostedZonesRequest) => listHostedZones(allZones(store), input),
  ListHostedZonesByName: (store, input: ListHostedZonesByNameRequest) =>
    listHostedZonesByName(allZones(store), input),
  ListResourceRecordSets: (store, input: ListResourceRecordSetsRequest) =>
    listResourceRecordSets(zoneWithId(store, input.HostedZoneId), input),
};

/** The output of an operation, in the SDK's shape. @throws Route53Error, NotImplemented for one that is not here. */
export function answerOperation(
  store: Route53Store,
  { operation, input, nowMs }: { operation: string; input: object; nowMs: number },
): object {
  const answer = operations[operation];
  if (!answer) throw notImplemented(operation);
  return answer(store, input as never, nowMs);
}

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html */
function describeHostedZone(zone: Zone): GetHostedZoneResponse {
  const nameServers = zone.rrsetsByName.get(zone.name)?.get("NS")?.values ?? [];
  return {
    HostedZone: describeZone(zone),
    DelegationSet: { NameServers: nameServers.map((name) => name.replace(/\.$/, "")) },
  };
}

function allZones(store: Route53Store): Zone[] {
  return [...store.zonesById.values()].map(({ accepted }) => accepted);
}
