// Route 53 in virtual time, one call in a tenth of a second, answering as a rule says.
import { applyChangeBatches, type Outcome } from "../../lambda/apply.ts";
import { createDenials } from "../../lambda/apply-memory.ts";
import type { ChangeBatch } from "../../lambda/change-batch.ts";
import type { RrsetUpdates } from "../../lambda/coalesce.ts";
import { parseAddress } from "../../lambda/contract/address.ts";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { createPace } from "../../lambda/pace.ts";
import type { Zone } from "../../lambda/zone.ts";
import { createVirtualClock } from "./clock.ts";

/** The zone `one.test` with the id `ONE`. */
export const zoneNamed = (name: string): Zone => ({
  apex: parseFqdn(`${name}.test`),
  id: name.toUpperCase(),
});

function rrset(fqdn: string, ofZone: Zone, position: number): RrsetUpdates {
  const update = { fqdn: parseFqdn(fqdn), address: parseAddress("81.2.3.4"), uuid: `uuid-${position}` };
  const arrival = { sequenceNumber: String(position), arrivedAtMs: 0, position };
  const winner = { update, arrival, zone: ofZone, rrtype: "A", ttlSeconds: 60, isSigned: false } as const;
  return { winner, members: [winner], overrulings: [] };
}

/** A batch of `n0.one.test`, `n1.one.test` and so on. */
export function batchOf(ofZone: Zone, size: number): ChangeBatch {
  const rrsets = Array.from({ length: size }, (_, index) => rrset(`n${index}.${ofZone.apex}`, ofZone, index));
  return { zone: ofZone, rrsets };
}

export const namesOf = ({ rrsets }: ChangeBatch) =>
  rrsets.map(({ winner }) => winner.update.fqdn.slice(0, -1));

/** An error as the SDK throws it. */
export function sdkError(name: string, httpStatusCode: number, message = name): Error {
  const $fault = httpStatusCode < 500 ? "client" : "server";
  return Object.assign(new Error(message), { name, $fault, $metadata: { httpStatusCode } });
}

/** What Route 53 says to a call; undefined where it accepts. */
export type Rule = (batch: ChangeBatch, callNumber: number) => Error | undefined;

/** What came of some batches. */
export interface Run {
  readonly outcomes: readonly Outcome[];
  readonly calls: readonly {
    readonly names: readonly string[];
    readonly zone: string;
    readonly atMs: number;
  }[];
  readonly endedAtMs: number;
  /** Names by what became of them. */
  names(kind: Outcome["kind"]): string[];
}

const CALL_MS = 100;

/** Applies batches to a Route 53 that answers after 100 ms as the rule says, in virtual time. */
export async function applyInVirtualTime(
  batches: readonly ChangeBatch[],
  rule: Rule,
  timeMs = 600_000,
): Promise<Run> {
  const clock = createVirtualClock();
  const calls: { names: string[]; zone: string; atMs: number }[] = [];
  const world = {
    ...clock,
    pace: createPace(5, 1000),
    denials: createDenials(),
    random: () => 1,
    send: async (batch: ChangeBatch) => {
      calls.push({ names: namesOf(batch), zone: batch.zone.id, atMs: clock.now() });
      await clock.sleep(CALL_MS);
      const error = rule(batch, calls.length);
      if (error) throw error;
      return `C${calls.length}`;
    },
  };
  const outcomes = await Array.fromAsync(applyChangeBatches(batches, world, () => timeMs - clock.now()));
  const names = (kind: Outcome["kind"]) =>
    outcomes.filter((outcome) => outcome.kind === kind).flatMap(({ batch }) => namesOf(batch));
  return { outcomes, calls, endedAtMs: clock.now(), names };
}
