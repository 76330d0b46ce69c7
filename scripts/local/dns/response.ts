// Responses as bytes (RFC 1035 §4, RFC 6891). Not dns-packet's: that has no text for a label with a dot or a byte
// above 0x7f in it, which a Route 53 name may have, and it does not compress.

import { isWithin, nameBytes } from "../route53/name.ts";
import type { RrsetType } from "../route53/value.ts";
import type { Rrset } from "../route53/zone.ts";
import type { Answer, Rcode } from "./answer.ts";
import { rdataOf } from "./rdata.ts";
import type { Query } from "./request.ts";

const HEADER_BYTES = 12;
const CLASS_IN = 1;
const TYPE_OPT = 41;
/** What a querier takes over UDP who says nothing, and the least one may say (RFC 6891 §6.2.5). */
const LEAST_UDP_BYTES = 512;
/** What this server says it takes, and the most it sends over UDP whatever is asked (RFC 6891 §6.2.5). */
const MOST_UDP_BYTES = 4_096;
const MOST_TCP_BYTES = 65_535;

const IS_RESPONSE = 0x8000;
const IS_AUTHORITATIVE = 0x0400;
const IS_TRUNCATED = 0x0200;
const IS_DNSSEC_OK = 0x8000;

const TYPES: Readonly<Record<RrsetType, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, TXT: 16, AAAA: 28 };
const RCODES: Readonly<Record<Rcode, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
};

/** Without the records, and marked TC, where it would be longer than the querier or the transport takes. */
export function encodeResponse(query: Query, answer: Answer, transport: "udp" | "tcp"): Buffer {
  const asked = Math.max(LEAST_UDP_BYTES, query.edns?.udpPayloadSize ?? 0);
  const limit = transport === "tcp" ? MOST_TCP_BYTES : Math.min(asked, MOST_UDP_BYTES);
  const sections = [answer.answers, answer.authorities].map((rrsets) =>
    rrsets.flatMap((rrset) => encodeRrset(query, rrset)),
  );
  const whole = assemble(query, answer, sections);
  return whole.length <= limit ? whole : assemble(query, answer, undefined);
}

/** @param sections the answers and the authorities, a buffer each record; nothing where they are too long */
function assemble(
  query: Query,
  answer: Answer,
  sections: readonly (readonly Buffer[])[] | undefined,
): Buffer {
  const rcode = RCODES[answer.rcode];
  const [answers = [], authorities = []] = sections ?? [];
  const opt = query.edns ? [encodeOpt(rcode >> 4, query.edns.isDnssecOk)] : [];
  const header = Buffer.alloc(HEADER_BYTES);
  const counts = [Number(query.question.length > 0), answers.length, authorities.length, opt.length];
  const flags =
    IS_RESPONSE |
    (answer.isAuthoritative ? IS_AUTHORITATIVE : 0) |
    (sections ? 0 : IS_TRUNCATED) |
    (rcode & 0xf);
  for (const [index, field] of [query.id, flags | query.echoedFlags, ...counts].entries()) {
    header.writeUInt16BE(field, 2 * index);
  }
  return Buffer.concat([header, query.question, ...answers, ...authorities, ...opt]);
}

function encodeRrset(query: Query, { name, type, ttlSeconds, values }: Rrset): Buffer[] {
  const owner = encodeOwner(query, name);
  return values.map((value) => {
    const rdata = rdataOf(type, value);
    const fixed = Buffer.alloc(10);
    fixed.writeUInt16BE(TYPES[type], 0);
    fixed.writeUInt16BE(CLASS_IN, 2);
    fixed.writeUInt32BE(ttlSeconds, 4);
    fixed.writeUInt16BE(rdata.length, 8);
    return Buffer.concat([owner, fixed, rdata]);
  });
}

/** Where the question ends in the name, a pointer to there (RFC 1035 §4.1.4). */
function encodeOwner(query: Query, name: string): Buffer {
  if (!isWithin(query.name, name)) return nameBytes(name);
  const pointer = Buffer.alloc(2);
  const depth = nameBytes(query.name).length - nameBytes(name).length;
  pointer.writeUInt16BE(0xc000 | (HEADER_BYTES + depth));
  return pointer;
}

function encodeOpt(extendedRcode: number, isDnssecOk: boolean): Buffer {
  const opt = Buffer.alloc(11);
  opt.writeUInt16BE(TYPE_OPT, 1);
  opt.writeUInt16BE(MOST_UDP_BYTES, 3);
  opt.writeUInt8(extendedRcode, 5);
  // RFC 3225 §3: the query's DO bit goes back.
  opt.writeUInt16BE(isDnssecOk ? IS_DNSSEC_OK : 0, 7);
  return opt;
}
