// The listing operations: order, where a page starts, and where the next one would.
import type {
  HostedZone,
  ListHostedZonesByNameRequest,
  ListHostedZonesByNameResponse,
  ListHostedZonesRequest,
  ListHostedZonesResponse,
  ListResourceRecordSetsRequest,
  ListResourceRecordSetsResponse,
} from "@aws-sdk/client-route-53";
import { invalidInput } from "./error.ts";
import { decodeName, sortKey } from "./name.ts";
import { compare, type Rrset, sortedRrsets, type Zone } from "./zone.ts";

const MAX_RRSETS_A_PAGE = 300;
const MAX_ZONES_A_PAGE = 100;

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html */
export function listResourceRecordSets(
  zone: Zone,
  input: ListResourceRecordSetsRequest,
): ListResourceRecordSetsResponse {
  const { StartRecordName: startName, StartRecordType: startType } = input;
  if (startType && !startName) throw invalidInput("Invalid request: a start type needs a start name");
  const rrsets = sortedRrsets(zone);
  const from = startName ? indexFrom(rrsets, startKey(startName), startType ?? "") : 0;
  const maxItems = pageSize(input.MaxItems, MAX_RRSETS_A_PAGE);
  const next = rrsets[from + maxItems];
  return {
    ResourceRecordSets: rrsets.slice(from, from + maxItems).map((rrset) => ({
      Name: rrset.name,
      Type: rrset.type,
      TTL: rrset.ttlSeconds,
      ResourceRecords: rrset.values.map((value) => ({ Value: value })),
    })),
    IsTruncated: next !== undefined,
    NextRecordName: next?.name,
    NextRecordType: next?.type,
    MaxItems: maxItems,
  };
}

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html */
export function listHostedZones(
  zones: readonly Zone[],
  { Marker: marker, MaxItems }: ListHostedZonesRequest,
): ListHostedZonesResponse {
  const from = marker ? zones.findIndex(({ id }) => id === marker) : 0;
  if (from < 0) throw invalidInput(`Invalid request: no hosted zone to start with has the ID ${marker}`);
  const maxItems = pageSize(MaxItems, MAX_ZONES_A_PAGE);
  const next = zones[from + maxItems];
  return {
    HostedZones: zones.slice(from, from + maxItems).map(describeZone),
    Marker: marker,
    IsTruncated: next !== undefined,
    NextMarker: next?.id,
    MaxItems: maxItems,
  };
}

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html */
export function listHostedZonesByName(
  zones: readonly Zone[],
  input: ListHostedZonesByNameRequest,
): ListHostedZonesByNameResponse {
  const { DNSName: startName, HostedZoneId: startId } = input;
  if (startId && !startName) throw invalidInput("Invalid request: a hosted zone ID needs a DNS name");
  const sorted = [...zones].sort((a, b) => compare(sortKey(a.name), sortKey(b.name)) || compare(a.id, b.id));
  const key = startName ? startKey(startName) : "";
  const isFromStart = (zone: Zone) =>
    (compare(sortKey(zone.name), key) || compare(zone.id, startId ?? "")) >= 0;
  const maxItems = pageSize(input.MaxItems, MAX_ZONES_A_PAGE);
  const rest = sorted.filter(isFromStart);
  const next = rest[maxItems];
  return {
    HostedZones: rest.slice(0, maxItems).map(describeZone),
    DNSName: startName,
    HostedZoneId: startId,
    IsTruncated: next !== undefined,
    NextDNSName: next?.name,
    NextHostedZoneId: next?.id,
    MaxItems: maxItems,
  };
}

export function describeZone(zone: Zone): HostedZone {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: `local-${zone.id}`,
    Config: { PrivateZone: false },
    ResourceRecordSetCount: sortedRrsets(zone).length,
  };
}

function indexFrom(rrsets: readonly Rrset[], key: string, type: string): number {
  const index = rrsets.findIndex(
    (rrset) => (compare(sortKey(rrset.name), key) || compare(rrset.type, type)) >= 0,
  );
  return index < 0 ? rrsets.length : index;
}

function startKey(name: string): string {
  const result = decodeName(name);
  if ("problem" in result) throw invalidInput(result.problem);
  return sortKey(result.name);
}

/** AWS gives its own limit to a caller who asks for more. */
function pageSize(asked: number | undefined, most: number): number {
  if (asked === undefined) return most;
  if (!Number.isSafeInteger(asked) || asked < 1) {
    throw invalidInput(`Invalid request: maxitems must be an integer of at least 1, got ${asked}`);
  }
  return Math.min(asked, most);
}
