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
