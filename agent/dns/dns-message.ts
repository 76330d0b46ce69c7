import { type Answer, decode, encode, RECURSION_DESIRED } from "dns-packet";
import { parseAddress } from "../../lambda/contract/address.ts";

export interface DnsQuestion {
  /** With or without the last dot. */
  readonly name: string;
  readonly type: "A" | "AAAA" | "TXT";
  readonly class: "IN" | "CH";
}

/** A question on its way, with the id by which its response is known. */
export interface DnsQuery {
  readonly id: number;
  readonly question: DnsQuestion;
  readonly isRecursionDesired: boolean;
}

/** A resource record of an answer. */
export interface AnswerRr {
  /** Lower case, without the last dot. */
  readonly name: string;
  readonly type: string;
  /** An address in its only spelling, a name, or the strings of a TXT joined; "" for any other type. */
  readonly text: string;
}

export interface DnsResponse {
  /** `NOERROR`, `NXDOMAIN`, `REFUSED`, ... */
  readonly rcode: string;
  /** Whether the server speaks for the zone itself (AA, RFC 1035 section 4.1.1). */
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  readonly answers: readonly AnswerRr[];
}

/** What a message is to a query: its response, somebody else's, or one that cannot be read. */
export type Reading = { readonly response: DnsResponse } | "foreign" | "malformed";

const HEADER_BYTES = 12;
const IS_RESPONSE = 0x80;

/** Without EDNS: no answer that is wanted here needs more than 512 bytes, and some servers tell more with it. */
export function encodeQuery({ id, question, isRecursionDesired }: DnsQuery): Buffer {
  const flags = isRecursionDesired ? RECURSION_DESIRED : 0;
  return encode({ type: "query", id, flags, questions: [question] });
}

/** Reads what came from the server. Total: there is no message that it throws at. */
export function readResponse(message: Buffer, query: DnsQuery): Reading {
  const isResponse = message.length >= HEADER_BYTES && ((message[2] ?? 0) & IS_RESPONSE) !== 0;
  if (!isResponse || message.readUInt16BE(0) !== query.id) return "foreign";
  try {
    // The types leave the response code out.
    const packet = decode(message) as ReturnType<typeof decode> & { readonly rcode: string };
    if (decode.bytes !== message.length) return "malformed";
    const { rcode, flag_aa: isAuthoritative, flag_tc: isTruncated, questions = [], answers = [] } = packet;
    // RFC 5452 section 9.1. A server that cannot read a query may answer without its question.
    const isFailure = rcode !== "NOERROR" && rcode !== "NXDOMAIN";
    const isToQuery = questions.length === 1 && isSameQuestion(questions[0], query.question);
    if (!isToQuery && !(isFailure && questions.length === 0)) return "foreign";
    return { response: { rcode, isAuthoritative, isTruncated, answers: answers.map(readRr) } };
  } catch {
    return "malformed";
  }
}

/** In any case of letters: RFC 4343. */
export function isSameName(one: string, other: string): boolean {
  return bareName(one) === bareName(other);
}

const bareName = (name: string) => name.toLowerCase().replace(/\.$/, "");

type Question = NonNullable<Parameters<typeof encode>[0]["questions"]>[number];

function isSameQuestion(found: Question | undefined, asked: DnsQuestion): boolean {
  if (!found || !isSameName(found.name, asked.name)) return false;
  return found.type === asked.type && found.class === asked.class;
}

function readRr(rr: Answer): AnswerRr {
  return { name: bareName(rr.name), type: rr.type, text: readText(rr) };
}

/** @throws where an address has too few bytes, of which dns-packet makes "1.2.undefined.undefined" */
function readText(rr: Answer): string {
  switch (rr.type) {
    case "A":
    case "AAAA":
      return parseAddress(rr.data).text;
    case "CNAME":
      return bareName(rr.data);
    case "TXT":
      return [rr.data].flat().map(String).join("");
    default:
      return "";
  }
}
