import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One PutRecord as it came. */
export interface Put {
  readonly ip: string;
  readonly domain: string;
  readonly stream: string;
  /** Where the update tells. */
  readonly issued_at?: string;
  /** Where it was sent from. */
  readonly from: string | undefined;
  readonly headers: IncomingMessage["headers"];
}

export interface StreamStandIn {
  readonly url: string;
  /** Every request, in the order of their coming. */
  readonly requests: Put[];
  /** Those that were accepted. */
  readonly accepted: Put[];
  readonly close: () => Promise<void>;
}

/** Answers a request itself and returns true, or leaves it to be accepted. */
export type Answer = (response: ServerResponse, put: Put, count: number) => boolean | Promise<boolean>;

/**
 * A Kinesis that does what no emulator does on demand: it refuses, throttles, or never answers. It is fast, and
 * it takes every record that `answer` does not answer.
 */
export async function startStreamStandIn(answer: Answer = () => false): Promise<StreamStandIn> {
  const requests: Put[] = [];
  const accepted: Put[] = [];
  const server = createServer(async (request, response) => {
    const { Data, StreamName: stream } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const update = JSON.parse(Buffer.from(Data, "base64").toString());
    const put = { ...update, stream, from: request.socket.remoteAddress, headers: request.headers };
    requests.push(put);
    if (await answer(response, put, requests.length)) return;
    accepted.push(put);
    const SequenceNumber = String(accepted.length);
    response.end(JSON.stringify({ SequenceNumber, ShardId: "shardId-000000000000" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    accepted,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An error in the form of the service. */
export function answerError(
  response: ServerResponse,
  name: string,
  headers: Record<string, string> = {},
): true {
  response.writeHead(400, { "content-type": "application/x-amz-json-1.1", ...headers });
  response.end(JSON.stringify({ __type: name, message: "said so" }));
  return true;
}
