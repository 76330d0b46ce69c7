// What an authoritative server says to a question, from the zones of the local Route 53.
import { isWithin, labelsOf, nameOf, parentOf, parseName } from "../route53/name.ts";
import { type RrsetType, soaFields } from "../route53/value.ts";
import { type NameRrsets, nameExists, type Rrset, type Zone } from "../route53/zone.ts";

/** More than any resolver follows. */
const MAX_CNAMES = 16;

export type Rcode = "NOERROR" | "FORMERR" | "SERVFAIL" | "NXDOMAIN" | "NOTIMP" | "REFUSED" | "BADVERS";

export interface Answer {
  readonly rcode: Rcode;
  readonly isAuthoritative: boolean;
  readonly answers: readonly Rrset[];
  readonly authorities: readonly Rrset[];
}

/** A type by its name, `ANY`, or whatever else was asked, of which no zone holds any. */
export type QuestionType = RrsetType | "ANY" | "OTHER";

export function refusal(rcode: Rcode): Answer {
  return { rcode, isAuthoritative: false, answers: [], authorities: [] };
}

/**
 * Answers from the one zone that holds the name, following CNAMEs within it (RFC 1034 §4.3.2). There are no zone
 * cuts: an NS record set below the apex is data like any other.
 * @param name canonical
 */
export function answerQuestion(zone: Zone | undefined, name: string, type: QuestionType): Answer {
  if (!zone) return refusal("REFUSED");
  const answers: Rrset[] = [];
  for (let owner: string | undefined = name; owner; owner = nextOwner(zone, answers, type)) {
    const rrsets = rrsetsAnswering(zone, owner);
    const found = rrsets && select(rrsets, type);
    if (!found) return { ...negative(zone, rrsets ? "NOERROR" : "NXDOMAIN"), answers };
    answers.push({ ...found, name: owner });
  }
  return { rcode: "NOERROR", isAuthoritative: true, answers, authorities: [] };
}

/** The target of the CNAME that was found last; nothing where the answer ends with what was found. */
function nextOwner(zone: Zone, answers: readonly Rrset[], type: QuestionType): string | undefined {
  const last = answers.at(-1);
  if (last?.type !== "CNAME" || type === "CNAME" || type === "ANY") return undefined;
  const target = parseName(last.values[0] ?? "");
  const isLoop = answers.length >= MAX_CNAMES || answers.some(({ name }) => name === target);
  return isWithin(target, zone.name) && !isLoop ? target : undefined;
}

/** What is at a name, or at the wildcard that stands for it; nothing where the name does not exist (RFC 4592 §3.3). */
function rrsetsAnswering(zone: Zone, name: string): NameRrsets | undefined {
  if (nameExists(zone, name)) return zone.rrsetsByName.get(name) ?? new Map();
  let closestEncloser = parentOf(name);
  while (!nameExists(zone, closestEncloser)) closestEncloser = parentOf(closestEncloser);
  const source = nameOf(["*", ...labelsOf(closestEncloser)]);
  return nameExists(zone, source) ? (zone.rrsetsByName.get(source) ?? new Map()) : undefined;
}

/** For ANY, one record set of those there (RFC 8482 §4.1); for others, that of the type, or the CNAME. */
function select(rrsets: NameRrsets, type: QuestionType): Rrset | undefined {
  if (type === "ANY") return rrsets.values().next().value;
  return (type === "OTHER" ? undefined : rrsets.get(type)) ?? rrsets.get("CNAME");
}

/** With the SOA that says for how long the answer may be believed (RFC 2308 §3). */
function negative(zone: Zone, rcode: Rcode): Answer {
  const soa = zone.rrsetsByName.get(zone.name)?.get("SOA");
  const minimum = soaFields(soa?.values[0] ?? "")?.numbers[4];
  if (!soa || minimum === undefined) return refusal("SERVFAIL");
  const ttlSeconds = Math.min(soa.ttlSeconds, minimum);
  return { rcode, isAuthoritative: true, answers: [], authorities: [{ ...soa, ttlSeconds }] };
}
