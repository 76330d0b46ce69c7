import type { Fqdn } from "./contract/fqdn.ts";
import { createNameMatcher, parseNamePattern } from "./patterns.ts";
import { isFreeLabel } from "./reserved-labels.ts";

/** Which names a sender may move. */
export interface Permission {
  readonly mayMove: (fqdn: Fqdn) => boolean;
  /** Whether it may not, only because no star of its patterns stands for some label of the name. */
  readonly isReserved: (fqdn: Fqdn) => boolean;
}

/** The permission that names and patterns give, without what is reserved from patterns. */
export function createPermission(domains: readonly string[]): Permission {
  const matches = createNameMatcher(domains.map(parseNamePattern));
  const mayMove = (fqdn: Fqdn) => matches(fqdn, isFreeLabel);
  return { mayMove, isReserved: (fqdn) => matches(fqdn) && !mayMove(fqdn) };
}
