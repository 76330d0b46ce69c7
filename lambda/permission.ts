import type { Fqdn } from "./contract/fqdn.ts";
import { createNameMatcher, parseNamePattern } from "./patterns.ts";
import { isFreeLabel } from "./reserved-labels.ts";

/** Which names a sender may move. */
export interface Permission {
  readonly mayMove: (fqdn: Fqdn) => boolean;
  /** Whether it may not, only because its patterns do not reach the name, though they match it. */
  readonly isReserved: (fqdn: Fqdn) => boolean;
}

/**
 * The permission that names and patterns give, without what is reserved from patterns: some labels, and the apex of
 * a zone. That is a name of the zone itself, and not of one of the hosts that the pattern was written for.
 */
export function createPermission(
  domains: readonly string[],
  zones: { readonly has: (fqdn: Fqdn) => boolean },
): Permission {
  const patterns = domains.map(parseNamePattern);
  const matches = createNameMatcher(patterns);
  const isWrittenOut = createNameMatcher(patterns.filter(({ isExact }) => isExact));
  const mayMove = (fqdn: Fqdn) => (zones.has(fqdn) ? isWrittenOut(fqdn) : matches(fqdn, isFreeLabel));
  return { mayMove, isReserved: (fqdn) => matches(fqdn) && !mayMove(fqdn) };
}
