// An authoritative name server on the loopback for the zones of the local Route 53: UDP and TCP on one port.
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type Route53Store, type Visibility, zoneHolding } from "../route53/store.ts";
import { answerQuestion, refusal } from "./answer.ts";
import { decodeQuery, type Query } from "./request.ts";
import { encodeResponse } from "./response.ts";

const HOST = "127.0.0.1";
const PORT_ATTEMPTS = 20;
/** RFC 7766 §6.2.3 asks for seconds. */
const TCP_IDLE_MS = 10_000;

export interface DnsServerOptions {
  readonly store: Route53Store;
  /** Whether a change shows as soon as Route 53 has accepted it (the default) or only once it is INSYNC. */
  readonly visibility?: Visibility;
  readonly now?: () => number;
}

export interface DnsServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

type Respond = (message: Buffer, transport: "udp" | "tcp") => Buffer | undefined;

export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const respond: Respond = (message, transport) => {
    const query = decodeQuery(message);
    return query && encodeResponse(query, answerTo(options, query), transport);
  };
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    serveConnection(socket, respond);
  });
  const udp = await bindBoth(tcp);
  // What the network says of a querier that is gone.
  udp.on("error", () => undefined);
  udp.on("message", (message, { address, port }) => {
    const response = respond(message, "udp");
    if (response) udp.send(response, port, address, () => undefined);
  });
  const close = async () => {
    const closed = Promise.all([once(tcp, "close"), once(udp, "close")]);
    tcp.close();
    udp.close();
    for (const socket of connections) socket.destroy();
    await closed;
  };
  return { host: HOST, port: udp.address().port, close };
}

function answerTo({ store, visibility = "accepted", now = Date.now }: DnsServerOptions, query: Query) {
  if (query.problem) return refusal(query.problem);
  const zone = zoneHolding(store, query.name, { visibility, nowMs: now() });
  return answerQuestion(zone, query.name, query.type);
}

/** Messages, each after its length in two bytes (RFC 1035 §4.2.2), as many as the client likes. */
function serveConnection(socket: Socket, respond: Respond): void {
  let received = Buffer.alloc(0);
  socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const response = respond(received.subarray(2, end), "tcp");
      received = received.subarray(end);
      if (!response) return void socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(response.length);
      socket.write(Buffer.concat([length, response]));
    }
  });
}

/** Takes a free port for TCP and the same one for UDP; another where someone has that. */
async function bindBoth(tcp: ReturnType<typeof createServer>): Promise<UdpSocket> {
  for (let attempt = 1; ; attempt += 1) {
    tcp.listen(0, HOST);
    await once(tcp, "listening");
    const udp = createSocket("udp4");
    try {
      udp.bind((tcp.address() as AddressInfo).port, HOST);
      await once(udp, "listening");
      return udp;
    } catch (error) {
      udp.close();
      tcp.close();
      await once(tcp, "close");
      if (attempt === PORT_ATTEMPTS) throw error;
    }
  }
}
