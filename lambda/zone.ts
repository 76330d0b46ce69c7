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

/**
 * Owner names that are a zone's own machinery and no host. By convention, `ns1` and the like carry a delegation:
 * whoever moves them moves the whole zone. Below underscored labels (RFC 8552) are certificates' proofs, mail
 * policy and services.
 */
const RESERVED = /^(?:dns|ns|soa)-?\d*\.|(?:^|\.)_/;

/** Whether no sender may move the name, whatever patterns it has. */
export function isReservedName(fqdn: string): boolean {
  return RESERVED.test(fqdn);
}
