import { type AuthorizedUpdate, type AuthorizeReason, authorize } from "./authorize.ts";
import { type ChangeBatch, planChangeBatches } from "./change-batch.ts";
import { coalesce } from "./coalesce.ts";
import type { AddressUpdate } from "./contract/payload.ts";
import { type Arrival, type DecodeReason, decodeData, type StreamRecord } from "./decode.ts";
import type { Settings } from "./settings.ts";

/** Why something in an event changes nothing. Stable codes: they are in logs and metrics. */
export type RefuseReason = DecodeReason | AuthorizeReason | "event-malformed";

/** A record of the stream that changes nothing, and why. */
export interface RefusedUpdate {
  readonly arrival: Arrival;
  readonly reason: RefuseReason;
  /** One line; whatever the sender wrote is quoted in it. */
  readonly message: string;
  /** Where the payload could be read. */
  readonly update?: AddressUpdate;
}

export interface Plan {
  readonly batches: readonly ChangeBatch[];
  readonly refused: readonly RefusedUpdate[];
  /** The records, from the first that there was no time for: nothing was decided about them. */
  readonly unplanned: readonly StreamRecord[];
}

/**
 * Decides what a batch of records shall change: decode, authorize, coalesce. To verify thousands of signatures takes
 * seconds: once `hasTime` says no, the rest is left as if it were not in the batch. The first record never is.
 */
export function planChanges(
  records: readonly StreamRecord[],
  settings: Settings,
  hasTime: () => boolean = () => true,
): Plan {
  const authorized: AuthorizedUpdate[] = [];
  const refused: RefusedUpdate[] = [];
  let planned = 0;
  for (const { data, arrival } of records) {
    if (planned > 0 && !hasTime()) break;
    planned += 1;
    const decoded = decodeData(data);
    if (!decoded.ok) {
      refused.push({ arrival, reason: decoded.reason, message: decoded.message });
      continue;
    }
    const { update } = decoded;
    const authorization = authorize(update, arrival, settings);
    if (authorization.ok) authorized.push(authorization.authorized);
    else refused.push({ arrival, update, reason: authorization.reason, message: authorization.message });
  }
  return { batches: planChangeBatches(coalesce(authorized)), refused, unplanned: records.slice(planned) };
}
