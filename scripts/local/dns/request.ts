// Queries, from bytes that anyone may have sent (RFC 1035 §4, RFC 6891). dns-packet judges the message as a whole;
// the question is read here, because it has to go back byte by byte (resolvers compare its case, 0x20) and because
// dns-packet has no text for every name there can be.
import { decode as decodePacket } from "dns-packet";
import { nameOf } from "../route53/name.ts";
import type { QuestionType, Rcode } from "./answer.ts";

const HEADER_BYTES = 12;
const MAX_LABEL_BYTES = 63;
const MAX_NAME_BYTES = 255;
const CLASS_IN = 1;
const TYPE_OPT = 41;

const TYPES: Readonly<Record<number, QuestionType>> = {
  1: "A",
  2: "NS",
  5: "CNAME",
  6: "SOA",
  16: "TXT",
  28: "AAAA",
  255: "ANY",
};

export interface Edns {
  readonly udpPayloadSize: number;
  readonly isDnssecOk: boolean;
}

export interface Query {
  readonly id: number;
  /** The opcode and the RD bit, which a response repeats. */
  readonly echoedFlags: number;
  /** Set where this, and nothing else, is the answer. */
  readonly problem: Rcode | undefined;
  /** As received; empty where none could be read. */
  readonly question: Buffer;
  /** Canonical. */
  readonly name: string;
  readonly type: QuestionType;
  readonly edns: Edns | undefined;
}

/** Nothing where the message deserves no response: it has no header, or it is itself a response. */
export function decodeQuery(message: Buffer): Query | undefined {
  if (message.length < HEADER_BYTES) return undefined;
  const flags = message.readUInt16BE(2);
  if (flags & 0x8000) return undefined;
  const header = { id: message.readUInt16BE(0), echoedFlags: flags & 0x7900 };
  const refused = {
    ...header,
    question: Buffer.alloc(0),
    name: ".",
    type: "OTHER",
    edns: undefined,
  } as const;
  if (flags & 0x7800) return { ...refused, problem: "NOTIMP" };
  const question = message.readUInt16BE(4) === 1 ? decodeQuestion(message) : undefined;
  const opts = decodeOpts(message);
  if (!question || !opts || opts.length > 1) return { ...refused, problem: "FORMERR" };
  const [opt] = opts;
  const edns = opt && { udpPayloadSize: opt.udpPayloadSize, isDnssecOk: opt.flag_do };
  const isNewerEdns = opt !== undefined && opt.ednsVersion > 0;
  return { ...header, ...question, problem: isNewerEdns ? "BADVERS" : question.problem, edns };
}

/** The first question; there is nothing before it that a compression pointer could mean. */
function decodeQuestion(message: Buffer): Pick<Query, "question" | "name" | "type" | "problem"> | undefined {
  const labels: string[] = [];
  let offset = HEADER_BYTES;
  for (let length = message[offset]; length !== 0; length = message[offset]) {
    if (length === undefined || length > MAX_LABEL_BYTES) return undefined;
    labels.push(message.toString("latin1", offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  const end = offset + 5;
  if (end > message.length || offset + 1 - HEADER_BYTES > MAX_NAME_BYTES) return undefined;
  const type = message.readUInt16BE(offset + 1);
  return {
    question: message.subarray(HEADER_BYTES, end),
    name: nameOf(labels),
    type: TYPES[type] ?? "OTHER",
    problem: problemWith(type, message.readUInt16BE(offset + 3)),
  };
}

function problemWith(type: number, questionClass: number): Rcode | undefined {
  if (questionClass !== CLASS_IN) return "REFUSED";
  // Zone transfers and the like: types of queries, not of data (RFC 6895 §3.1).
  const isMeta = type === TYPE_OPT || (type >= 128 && type < 255);
  return isMeta ? "NOTIMP" : undefined;
}

/** The OPT pseudo-records of a message; nothing where the message cannot be read to its end. */
function decodeOpts(message: Buffer) {
  try {
    const { additionals = [] } = decodePacket(message);
    return additionals.filter((record) => record.type === "OPT");
  } catch {
    return undefined;
  }
}
