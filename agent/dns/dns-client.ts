import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import type { ServerAddress } from "../config/value-kinds.ts";
import {
  type DnsQuery,
  type DnsQuestion,
  type DnsResponse,
  encodeQuery,
  readResponse,
} from "./dns-message.ts";

/** What came of a question. Whatever goes wrong outside is a reason, not an error. */
export type DnsReply = { readonly response: DnsResponse } | { readonly reason: string };

export interface DnsOptions {
  /** Ends the exchange at any point, and closes its socket. The only limit in time. */
  readonly signal: AbortSignal;
  /** The local address to ask from; by default as the system routes. */
  readonly localAddress?: string | undefined;
  /** RD: true asks a resolver to go and find out, false asks a name server what it has itself. */
  readonly isRecursionDesired: boolean;
  /** A datagram may get lost on either way: after how long to send it again, for as long as it takes. */
  readonly resendMs?: number;
}

interface Exchange extends DnsOptions {
  readonly query: DnsQuery;
  readonly message: Buffer;
  readonly server: ServerAddress;
}

type Settle = (reply: DnsReply) => void;

const RESEND_MS = 1_500;
/** RFC 1035 section 2.3.4: without EDNS, no server may send more in a datagram. */
const MOST_UDP_BYTES = 512;
/** Of the 65,535 that TCP could carry. Route 53 has at most 400 values for a name, which are 11 KB. */
const MOST_TCP_BYTES = 16_384;

const TOO_LATE: DnsReply = { reason: "no answer in time" };
const MALFORMED: DnsReply = { reason: "expected a DNS message, got something else" };
const tooLong = (bytes: number, most: number): DnsReply => ({
  reason: `expected at most ${most} bytes, got ${bytes}`,
});

/** Puts one question to one server over UDP, and again over TCP where the answer does not fit in a datagram. */
export async function askDns(
  server: ServerAddress,
  question: DnsQuestion,
  options: DnsOptions,
): Promise<DnsReply> {
  const { isRecursionDesired } = options;
  const query = { id: randomInt(0x1_0000), question, isRecursionDesired };
  const exchange = { ...options, query, message: encodeQuery(query), server };
  const reply = await askOverUdp(exchange);
  const isTruncated = "response" in reply && reply.response.isTruncated;
  return isTruncated ? askOverTcp(exchange) : reply;
}

/**
 * From a socket that is connected, so that the kernel lets nothing in but from that address and port, and
 * on a port that the kernel chooses at random (RFC 5452 section 9.2). What is not the response is passed over:
 * the right one may be behind it.
 */
function askOverUdp(exchange: Exchange): Promise<DnsReply> {
  const { query, message, server, localAddress, resendMs = RESEND_MS } = exchange;
  return untilSettled(exchange.signal, (settle) => {
    const socket = createSocket(isIPv6(server.host) ? "udp6" : "udp4");
    const timer = setInterval(() => socket.send(message), resendMs);
    socket.on("error", (error) => settle({ reason: explain(error, server) }));
    socket.on("connect", () => socket.send(message));
    socket.on("message", (datagram) => {
      const reading = readResponse(datagram, query);
      if (reading === "foreign") return;
      if (datagram.length > MOST_UDP_BYTES) settle(tooLong(datagram.length, MOST_UDP_BYTES));
      else settle(reading === "malformed" ? MALFORMED : reading);
    });
    socket.bind({ port: 0, ...(localAddress !== undefined && { address: localAddress }) });
    socket.connect(server.port, server.host);
    return () => {
      clearInterval(timer);
      socket.close();
    };
  });
}

/** RFC 7766: each message behind its length. */
function askOverTcp({ query, message, server, localAddress, signal }: Exchange): Promise<DnsReply> {
  return untilSettled(signal, (settle) => {
    const received = Buffer.alloc(2 + MOST_TCP_BYTES);
    let length = 0;
    const socket = connect({ ...server, ...(localAddress !== undefined && { localAddress }) });
    socket.on("error", (error) => settle({ reason: explain(error, server) }));
    socket.on("close", () => settle({ reason: "the connection ended before the answer" }));
    socket.on("connect", () => socket.write(Buffer.concat([lengthOf(message), message])));
    socket.on("data", (chunk) => {
      // Copies no more than there is room for.
      length += chunk.copy(received, length);
      if (length < 2) return;
      const announced = received.readUInt16BE(0);
      if (announced > MOST_TCP_BYTES) settle(tooLong(announced, MOST_TCP_BYTES));
      else if (length >= 2 + announced) settle(readOverTcp(received.subarray(2, 2 + announced), query));
    });
    return () => socket.destroy();
  });
}

function readOverTcp(message: Buffer, query: DnsQuery): DnsReply {
  const reading = readResponse(message, query);
  if (reading === "malformed") return MALFORMED;
  if (reading === "foreign") return { reason: "the answer is to another question" };
  return reading.response.isTruncated ? { reason: "the answer is truncated even over TCP" } : reading;
}

function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return length;
}

/** Begins an exchange and waits for the first reply or the signal; whichever it is, the socket is then closed. */
async function untilSettled(signal: AbortSignal, begin: (settle: Settle) => () => void): Promise<DnsReply> {
  if (signal.aborted) return TOO_LATE;
  const { promise, resolve } = Promise.withResolvers<DnsReply>();
  const abort = () => resolve(TOO_LATE);
  signal.addEventListener("abort", abort, { once: true });
  const end = begin(resolve);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    end();
  }
}

/** As the system says it, and of whom: for a datagram that nobody takes, it does not say that. */
function explain(error: NodeJS.ErrnoException, { host, port }: ServerAddress): string {
  return error.code === "ECONNREFUSED" ? `connect ECONNREFUSED ${host}:${port}` : error.message;
}
