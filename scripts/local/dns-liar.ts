// A DNS server on the loopback that says whatever a test wants, right or wrong, over UDP and TCP on one port.
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type Answer, AUTHORITATIVE_ANSWER, type DecodedPacket, decode, encode } from "dns-packet";

const PORT_ATTEMPTS = 20;

/** A query as received. */
export interface ReceivedQuery {
  readonly packet: DecodedPacket;
  readonly name: string;
  readonly type: string;
  /** Where it came from. */
  readonly from: { readonly address: string; readonly port: number };
}

export interface DnsLies {
  /** `send` answers from the server's own port, once or several times or not at all. */
  readonly udp: (query: ReceivedQuery, send: (message: Buffer) => void) => void;
  readonly tcp?: (query: ReceivedQuery, socket: Socket) => void;
  /** Default: 127.0.0.1. */
  readonly host?: string;
}

export interface DnsLiar {
  readonly host: string;
  readonly port: number;
  /** Every query that came over UDP. */
  readonly received: readonly ReceivedQuery[];
  close(): Promise<void>;
}

export async function startDnsLiar({ udp, tcp, host = "127.0.0.1" }: DnsLies): Promise<DnsLiar> {
  const received: ReceivedQuery[] = [];
  const connections = new Set<Socket>();
  const tcpServer = createServer((socket) => {
    connections.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", (message) => {
      const { remoteAddress: address = "", remotePort: port = 0 } = socket;
      if (tcp) tcp(readQuery(message.subarray(2), { address, port }), socket);
      else socket.destroy();
    });
  });
  const udpServer = await bindBoth(tcpServer, host);
  udpServer.on("message", (message, from) => {
    const query = readQuery(message, from);
    received.push(query);
    udp(query, (answer) => udpServer.send(answer, from.port, from.address));
  });
  const close = async () => {
    const closed = Promise.all([once(tcpServer, "close"), once(udpServer, "close")]);
    tcpServer.close();
    udpServer.close();
    for (const socket of connections) socket.destroy();
    await closed;
  };
  return { host, port: udpServer.address().port, received, close };
}

/** What a made-up response has that is not as it should be. */
export interface Lie {
  readonly id?: number;
  readonly questions?: DecodedPacket["questions"];
  readonly answers?: readonly Answer[];
  /** The response code, by number. */
  readonly rcode?: number;
  readonly isAuthoritative?: boolean;
  /** More flags of the header. */
  readonly flags?: number;
}

/** A response to the query, right but for what the lie says. */
export function respond({ packet }: ReceivedQuery, lie: Lie = {}): Buffer {
  const { id = packet.id ?? 0, questions = packet.questions ?? [], answers = [] } = lie;
  const { rcode = 0, isAuthoritative = true, flags = 0 } = lie;
  const allFlags = flags | rcode | (isAuthoritative ? AUTHORITATIVE_ANSWER : 0);
  return encode({ type: "response", id, flags: allFlags, questions, answers: [...answers] });
}

/** The message as TCP carries it, behind its length. */
export function behindLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function readQuery(message: Buffer, { address, port }: ReceivedQuery["from"]): ReceivedQuery {
  const packet = decode(message);
  const [{ name = "", type = "" } = {}] = packet.questions ?? [];
  return { packet, name, type, from: { address, port } };
}

async function bindBoth(tcp: ReturnType<typeof createServer>, host: string): Promise<UdpSocket> {
  for (let attempt = 1; ; attempt += 1) {
    tcp.listen(0, host);
    await once(tcp, "listening");
    const udp = createSocket(host.includes(":") ? "udp6" : "udp4");
    try {
      udp.bind((tcp.address() as AddressInfo).port, host);
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
