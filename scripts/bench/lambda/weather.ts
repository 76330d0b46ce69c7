// A Route 53 that fails at random, in ways that pass and in ways that do not.
import fc from "fast-check";
import type { ChangeBatch } from "../../../lambda/change-batch.ts";
import { sdkError } from "../../simulate/route53.ts";

/** How a call fails before, or after, it has changed anything. */
const faults: Readonly<Record<string, { readonly before?: Error; readonly after?: Error }>> = {
  none: {},
  throttled: { before: sdkError("Throttling", 400) },
  busy: { before: sdkError("PriorRequestNotComplete", 400) },
  out: { before: sdkError("ServiceUnavailable", 503) },
  "answer lost": { after: new Error("socket hang up") },
};

export const weather = fc.record({
  /** How the nth call fails. */
  faultNames: fc.array(fc.constantFrom(...Object.keys(faults)), { maxLength: 12 }),
  /** For how many deliveries one of the zones is out of order, so that the other's updates come again. */
  outage: fc.nat(2),
  outZone: fc.constantFrom("Z1", "Z2"),
  /** What is lost for good: names that IAM denies, or one more that is impossible; a zone that IAM denies or that is gone. */
  deniedNames: fc.subarray(["a.lab.example.com.", "home.example.com.", "*.dyn.example.com."], {
    maxLength: 1,
  }),
  lostZone: fc.option(fc.constantFrom("Z1", "Z2"), { freq: 5 }),
  lostBy: fc.constantFrom("AccessDenied", "NoSuchHostedZone"),
  timeoutMs: fc.integer({ min: 6_000, max: 20_000 }),
});
export type Weather = typeof weather extends fc.Arbitrary<infer T> ? T : never;

/** One record set as Route 53 would tell it: what it is of, and what it holds. */
export function upsertsOf({ zone, rrsets }: ChangeBatch): [rrset: string, value: string][] {
  return rrsets.map(({ winner: { update, rrtype, ttlSeconds } }) => [
    `${zone.id} ${update.fqdn} ${rrtype}`,
    `${ttlSeconds} ${update.address.text}`,
  ]);
}

export interface FuzzedRoute53 {
  readonly held: Record<string, string>;
  /** Sequence numbers of what was accepted, and told to be. */
  readonly accepted: ReadonlySet<string>;
  readonly send: (batch: ChangeBatch) => Promise<string>;
}

export function createFuzzedRoute53(
  conditions: Weather & { readonly impossibleName: string },
  deliveryNumber: () => number,
): FuzzedRoute53 {
  const held: Record<string, string> = {};
  const accepted = new Set<string>();
  const left = [...conditions.faultNames];
  const send = async (batch: ChangeBatch) => {
    const { before, after } = faults[left.shift() ?? "none"] ?? {};
    const isOut = batch.zone.id === conditions.outZone && deliveryNumber() < conditions.outage;
    const refusal = before ?? (isOut ? faults.out?.before : refusalOf(batch, conditions));
    if (refusal) throw refusal;
    Object.assign(held, Object.fromEntries(upsertsOf(batch)));
    if (after) throw after;
    for (const { winner } of batch.rrsets) accepted.add(winner.arrival.sequenceNumber);
    return "C1";
  };
  return { held, accepted, send };
}

type Losses = Pick<Weather, "lostZone" | "lostBy" | "deniedNames"> & { readonly impossibleName: string };

function refusalOf({ zone, rrsets }: ChangeBatch, losses: Losses): Error | undefined {
  const { lostZone, lostBy, deniedNames, impossibleName } = losses;
  const names = rrsets.map(({ winner }) => winner.update.fqdn as string);
  if (zone.id === lostZone) return sdkError(lostBy, lostBy === "AccessDenied" ? 403 : 404);
  if (names.some((name) => deniedNames.includes(name))) return sdkError("AccessDenied", 403);
  return names.includes(impossibleName) ? sdkError("InvalidChangeBatch", 400) : undefined;
}

/** Whether Route 53 will never take a record set such as `Z1 home.example.com. A`. */
export function isLost(rrset: string, { lostZone, deniedNames, impossibleName }: Losses): boolean {
  const [zone = "", name = ""] = rrset.split(" ");
  return zone === lostZone || name === impossibleName || deniedNames.includes(name);
}
