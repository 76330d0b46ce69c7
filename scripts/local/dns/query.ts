// A question to one name server, and its answer in words.
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { type Answer, decode, encode, type RecordType } from "dns-packet";

const DEFAULT_TIMEOUT_MS = 2_000;

export interface DnsQuestion {
  readonly host: string;
  readonly port: number;
  /** Sent in the case it is given. */
  readonly name: string;
  readonly type: RecordType;
  /** Default: UDP, and TCP where the answer does not fit (TC). */
  readonly tcp?: boolean;
  readonly timeoutMs?: number;
}

export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN`, … */
  readonly rcode: string;
  readonly isAuthoritative: boolean;
  readonly isRecursionAvailable: boolean;
  readonly transport: "udp" | "tcp";
  /** The values of the type asked for, as text. */
  readonly values: readonly string[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
}

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly value: string;
}

export interface Exchange {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs?: number;
}

/** @throws where no answer comes in time, or one that is not to this question. */
export async function queryDns(question: DnsQuestion): Promise<DnsAnswer> {
  const { name, type, tcp = false } = question;
  const id = randomInt(0x1_0000);
  const message = encode({ type: "query", id, questions: [{ name, type }] });
  const overUdp = tcp ? undefined : await exchangeOverUdp(message, question);
  const isTruncated = overUdp !== undefined && decode(overUdp).flag_tc;
  const response = overUdp && !isTruncated ? overUdp : await exchangeOverTcp(message, question);
  // The types leave the response code out.
  const packet = decode(response) as ReturnType<typeof decode> & { readonly rcode: string };
  const [asked] = packet.questions ?? [];
  if (packet.id !== id || asked?.name !== name.replace(/\.$/, "") || asked.type !== type) {
    const found = `${packet.id} ${asked?.name} ${asked?.type}`;
    throw new Error(`DNS query ${name} ${type}: expected the answer to query ${id}, got that to ${found}`);
  }
  const answers = (packet.answers ?? []).map(describeRecord);
  return {
    rcode: packet.rcode,
    isAuthoritative: packet.flag_aa,
    isRecursionAvailable: packet.flag_ra,
    transport: response === overUdp ? "udp" : "tcp",
    values: answers.filter((record) => record.type === type).map(({ value }) => value),
    answers,
    authorities: (packet.authorities ?? []).map(describeRecord),
  };
}

/** Sends one datagram. @returns the first that comes back. */
export async function exchangeOverUdp(message: Buffer, server: Exchange): Promise<Buffer> {
  const { host, port, timeoutMs = DEFAULT_TIMEOUT_MS } = server;
  const socket = createSocket("udp4");
  try {
    socket.connect(port, host);
    await once(socket, "connect");
    socket.send(message);
    const [response] = await once(socket, "message", { signal: AbortSignal.timeout(timeoutMs) });
    return response;
  } catch (cause) {
    throw exchangeError("UDP", server, cause);
  } finally {
    socket.close();
  }
}

/** Sends one message behind its length. @returns the first that comes back. */
export async function exchangeOverTcp(message: Buffer, server: Exchange): Promise<Buffer> {
  const { host, port, timeoutMs = DEFAULT_TIMEOUT_MS } = server;
  const socket = connect({ host, port, signal: AbortSignal.timeout(timeoutMs) });
  try {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    socket.write(Buffer.concat([length, message]));
    let received = Buffer.alloc(0);
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        return received.subarray(2, 2 + received.readUInt16BE(0));
      }
    }
    throw new Error("connection closed");
  } catch (cause) {
    throw exchangeError("TCP", server, cause);
  } finally {
    socket.destroy();
  }
}

function exchangeError(transport: string, { host, port, timeoutMs }: Exchange, cause: unknown): Error {
  const found = cause instanceof Error && cause.name !== "AbortError" ? cause.message : "none";
  const place = `DNS server ${host}:${port}`;
  const within = `within ${timeoutMs ?? DEFAULT_TIMEOUT_MS} ms`;
  return new Error(`${place}: expected an answer over ${transport} ${within}, got ${found}`, { cause });
}

function describeRecord(record: Answer): DnsRecord {
  if (record.type === "OPT") return { name: record.name, type: "OPT", ttlSeconds: 0, value: "" };
  return { name: record.name, type: record.type, ttlSeconds: record.ttl ?? 0, value: textOf(record) };
}

function textOf(record: Exclude<Answer, { type: "OPT" }>): string {
  if (record.type === "TXT") return [record.data].flat().map(String).join("");
  if (record.type !== "SOA") return String(record.data);
  const { mname, rname, serial, refresh, retry, expire, minimum } = record.data;
  return [mname, rname, serial, refresh, retry, expire, minimum].join(" ");
}
