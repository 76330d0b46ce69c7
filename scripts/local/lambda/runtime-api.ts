// The API through which Lambda and the runtime in one execution environment talk.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  decodeReportedError,
  type FunctionError,
  type FunctionResult,
  RESPONSE_BYTES_ALLOWED,
  responseTooLargeError,
} from "./result.ts";
import { createRuntimeState, type Invocation, type RuntimeState, reply } from "./runtime-state.ts";

export interface RuntimeApi {
  /** `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Resolves at the runtime's first request for an invocation, or with the error it reports instead of one. */
  readonly initialized: Promise<FunctionError | undefined>;
  /** Hands over one invocation, which must be the only one, and resolves with what the runtime reports of it. */
  invoke(invocation: Invocation): Promise<FunctionResult>;
  close(): void;
}

/** The body, or undefined where it is too large for Lambda. Reads to the end, to be able to answer. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= RESPONSE_BYTES_ALLOWED) chunks.push(chunk);
  }
  return bytes <= RESPONSE_BYTES_ALLOWED ? Buffer.concat(chunks).toString() : undefined;
}

function decodeResult(kind: string, body: string | undefined): FunctionResult {
  if (body === undefined) return responseTooLargeError();
  return kind === "error" ? decodeReportedError(body) : { ok: true, payload: JSON.parse(body) };
}

async function route(state: RuntimeState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.replace(/^\/2018-06-01\/runtime\//, "");
  if (request.method === "GET" && path === "invocation/next") return state.next(response);
  const body = await readBody(request);
  if (request.method === "POST" && path === "init/error") {
    state.failedToInitialize(decodeReportedError(body ?? ""));
    return reply(response, 202, { status: "OK" });
  }
  const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path ?? "") ?? [];
  if (request.method !== "POST" || !requestId || !kind) return reply(response, 404, {});
  if (!state.isCurrent(requestId)) {
    return reply(response, 400, { errorType: "InvalidRequestID", errorMessage: "Invalid request ID" });
  }
  state.finish(decodeResult(kind, body));
  if (body !== undefined) return reply(response, 202, { status: "OK" });
  const errorMessage = `Exceeded maximum allowed payload size (${RESPONSE_BYTES_ALLOWED} bytes).`;
  reply(response, 413, { errorType: "RequestEntityTooLarge", errorMessage });
}

/** Serves one execution environment on a free port of 127.0.0.1. */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const state = createRuntimeState();
  const server = createServer((request, response) => {
    route(state, request, response).catch((error: Error) => {
      reply(response, 400, { errorType: "InvalidRequest", errorMessage: error.message });
    });
  });
  // A runtime may be busy for minutes between two requests on one connection.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    initialized: state.initialized,
    invoke: state.invoke,
    close: () => server.close(),
  };
}
