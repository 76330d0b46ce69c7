import type { Fqdn } from "./contract/fqdn.ts";

/** A Route 53 hosted zone that this function may change. */
export interface Zone {
  readonly apex: Fqdn;
  /** Such as `Z0123456789ABC`. */
  readonly id: string;
}

/** The zone that holds the name: the longest apex that is the name or a parent of it, on label boundaries. */
export function findZone(zones: ReadonlyMap<Fqdn, Zone>, fqdn: Fqdn): Zone | undefined {
  for (let name: string = fqdn; name !== ""; name = name.slice(name.indexOf(".") + 1)) {
    const zone = zones.get(name as Fqdn);
    if (zone) return zone;
  }
  return undefined;
}

/** Host names that, by convention, carry a zone's delegation: whoever moves them moves the whole zone. */
const NAME_SERVER = /^(?:dns|ns|soa)-?\d*$/;

/**
 * Whether the owner name is the zone's own machinery and no host: a name server's, or one below an underscored
 * label (RFC 8552), where certificates, mail policy and services are configured.
 */
export function isReservedName(fqdn: Fqdn): boolean {
  const labels = fqdn.split(".");
  return NAME_SERVER.test(labels[0] ?? "") || labels.some((label) => label.startsWith("_"));
}
