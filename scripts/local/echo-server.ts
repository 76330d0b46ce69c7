import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export interface EchoServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts an HTTP server on a free port of 127.0.0.1 that answers as the listener does. */
export async function startEchoServer(answer: RequestListener, host = "127.0.0.1"): Promise<EchoServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
