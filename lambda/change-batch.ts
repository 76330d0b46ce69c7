import type { RrsetUpdates } from "./coalesce.ts";
import type { Zone } from "./zone.ts";

/** What one call to Route 53 changes: all of it or nothing. */
export interface ChangeBatch {
  readonly zone: Zone;
  readonly rrsets: readonly RrsetUpdates[];
}

// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests-changeresourcerecordsets
// A request has at most 1,000 values of 32,000 characters together, and an UPSERT counts twice.
const MOST_UPSERTS = 1000 / 2;
const MOST_CHARACTERS = 32_000 / 2;
const LONGEST_COMMENT = 256;

/** Distributes the changes over as few calls as the limits allow, zone after zone. */
export function planChangeBatches(rrsets: readonly RrsetUpdates[]): ChangeBatch[] {
  const byZone = Map.groupBy(rrsets, ({ winner }) => winner.zone);
  return Array.from(byZone).flatMap(([zone, ofZone]) =>
    splitAtLimits(ofZone).map((part) => ({ zone, rrsets: part })),
  );
}

function splitAtLimits(rrsets: readonly RrsetUpdates[]): RrsetUpdates[][] {
  const parts: RrsetUpdates[][] = [];
  let part: RrsetUpdates[] = [];
  let characters = 0;
  for (const rrset of rrsets) {
    const { length } = rrset.winner.update.address.text;
    if (part.length === MOST_UPSERTS || characters + length > MOST_CHARACTERS) {
      parts.push(part);
      part = [];
      characters = 0;
    }
    part.push(rrset);
    characters += length;
  }
  return part.length > 0 ? [...parts, part] : parts;
}

/**
 * Two batches for one that Route 53 refused, so that the innocent part can be applied: the names that the answer
 * speaks of, last, and the others; or the halves, where it speaks of none or all.
 * @param said what Route 53 answered, such as `[RRSet of type A with DNS name home.example.com. is not permitted …]`
 */
export function splitRefused(batch: ChangeBatch, said: string): ChangeBatch[] {
  const { zone, rrsets } = batch;
  const spokenOf = namesIn(said);
  const isBlamed = ({ winner }: RrsetUpdates) => spokenOf.has(winner.update.fqdn);
  const blamed = rrsets.filter(isBlamed);
  if (blamed.length === 0 || blamed.length === rrsets.length) return splitInHalves(batch);
  return [
    { zone, rrsets: rrsets.filter((rrset) => !isBlamed(rrset)) },
    { zone, rrsets: blamed },
  ];
}

export function splitInHalves({ zone, rrsets }: ChangeBatch): ChangeBatch[] {
  const middle = Math.ceil(rrsets.length / 2);
  return [
    { zone, rrsets: rrsets.slice(0, middle) },
    { zone, rrsets: rrsets.slice(middle) },
  ];
}

/**
 * The first name of a batch and the halves of the others, for a batch that was refused for what may be all of its
 * names: such a call tells of one name for sure, and the shard moves on however little time there is.
 */
export function splitOffFirst({ zone, rrsets }: ChangeBatch): ChangeBatch[] {
  const middle = Math.ceil((rrsets.length + 1) / 2);
  return [rrsets.slice(0, 1), rrsets.slice(1, middle), rrsets.slice(middle)]
    .filter((part) => part.length > 0)
    .map((part) => ({ zone, rrsets: part }));
}

/** Everything in a text that may be a name, in canonical form. Route 53 writes the label `*` as `\052`. */
function namesIn(text: string): ReadonlySet<string> {
  const words =
    text
      .replaceAll("\\052", "*")
      .toLowerCase()
      .match(/[a-z0-9_*.-]+/g) ?? [];
  return new Set(words.map((word) => (word.endsWith(".") ? word : `${word}.`)));
}

/** The comment that Route 53 and CloudTrail keep of the call: the uuids, as many as 256 characters hold. */
export function commentOf({ rrsets }: ChangeBatch): string {
  let comment = "update-route53";
  for (const [index, { winner }] of rrsets.entries()) {
    const next = `${comment} ${winner.update.uuid}`;
    const more = rrsets.length - index - 1;
    const complete = more > 0 ? `${next}${andMore(more)}` : next;
    if (complete.length > LONGEST_COMMENT) return `${comment}${andMore(more + 1)}`;
    comment = next;
  }
  return comment;
}

function andMore(count: number): string {
  return ` and ${count} more`;
}
