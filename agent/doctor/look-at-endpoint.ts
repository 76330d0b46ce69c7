import { lookup } from "node:dns/promises";
import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { getCACertificates, TLSSocket } from "node:tls";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { ensureHomeDirectory } from "../publish/kinesis-client.ts";
import { systemErrorCode } from "../system-error.ts";
import type { EndpointFacts } from "./judge-endpoint.ts";
import type { Lookup } from "./judge-resolver.ts";

const ANSWER_TIMEOUT_MS = 10_000;

export type Endpoint = { readonly url: URL } | { readonly missing: "region" } | { readonly reason: string };

/** Where the AWS SDK would send the record: it also reads the environment and AWS's own files. */
export async function findEndpoint(region: string | undefined, stream: string): Promise<Endpoint> {
  ensureHomeDirectory();
  const client = new KinesisClient({
    ...(region !== undefined && { region }),
    // Nothing is sent: without these, it would search for real ones first.
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
  });
  const hasRegion = await client.config.region().then(
    () => true,
    () => false,
  );
  if (!hasRegion) return { missing: "region" };
  const { promise, resolve } = Promise.withResolvers<Endpoint>();
  const stop = new Error("only the endpoint is wanted");
  client.middlewareStack.add(
    () => async (args) => {
      const { protocol, hostname, port } = args.request as Partial<URL>;
      resolve({ url: new URL(`${protocol}//${hostname}${port ? `:${port}` : ""}`) });
      throw stop;
    },
    { step: "build" },
  );
  const command = new PutRecordCommand({ StreamName: stream, PartitionKey: "-", Data: new Uint8Array() });
  client.send(command).catch((error: unknown) => {
    if (error !== stop) resolve({ reason: error instanceof Error ? error.message : String(error) });
  });
  return promise.finally(() => client.destroy());
}

export interface AskOptions {
  readonly signal: AbortSignal;
  readonly localAddress: string | undefined;
}

/**
 * Sends an unsigned request that AWS refuses, to see who answers. A certificate that is not valid is noted and
 * not obeyed: nothing secret is sent, and the Date of the answer tells whether the clock is to blame.
 */
export async function lookAtEndpoint(url: URL, options: AskOptions): Promise<EndpointFacts> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const requestOptions: RequestOptions & { rejectUnauthorized: boolean } = {
    method: "POST",
    agent: false,
    rejectUnauthorized: false,
    signal,
    ...(options.localAddress !== undefined && { localAddress: options.localAddress }),
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Kinesis_20131202.PutRecord",
    },
  };
  const request = send(url, requestOptions, resolve).on("error", reject);
  request.end("{}");
  try {
    const response = await promise;
    return readAnswer(url, response);
  } catch (error) {
    return { kind: "failed", url, code: signal.aborted ? "ETIMEDOUT" : codeOf(error) };
  } finally {
    request.destroy();
  }
}

function readAnswer(url: URL, response: IncomingMessage): EndpointFacts {
  const { headers, statusCode: status = 0, socket } = response;
  const dateMs = Date.parse(headers.date ?? "");
  return {
    kind: "answered",
    url,
    status,
    isFromAws: headers["x-amzn-requestid"] !== undefined,
    contentType: headers["content-type"] ?? "",
    dateMs: Number.isNaN(dateMs) ? undefined : dateMs,
    nowMs: Date.now(),
    certificate: socket instanceof TLSSocket ? readCertificate(socket) : undefined,
    authorityCount: getCACertificates("default").length,
  };
}

function readCertificate(socket: TLSSocket) {
  const { issuer } = socket.getPeerCertificate();
  const name = issuer?.O ?? issuer?.CN;
  return {
    // Node gives the code of the error, whatever the types say.
    problem: socket.authorized ? undefined : String(socket.authorizationError),
    issuer: Array.isArray(name) ? name.join(" ") : (name ?? "nobody"),
  };
}

/** Looks a name up as the program does: by the system. */
export async function lookUp(name: string, signal: AbortSignal): Promise<Lookup> {
  const { promise: ended, resolve } = Promise.withResolvers<Lookup>();
  const end = () => resolve({ name, code: "ETIMEDOUT" });
  signal.addEventListener("abort", end, { once: true });
  const looked = lookup(name.replace(/^\[|\]$|^\*\./g, ""), { all: true }).then(
    (addresses): Lookup => ({ name, addressCount: addresses.length }),
    (error: unknown): Lookup => ({ name, code: codeOf(error) }),
  );
  return Promise.race([looked, ended]).finally(() => signal.removeEventListener("abort", end));
}

/** Several addresses that all fail make an AggregateError, which has a code as well. */
function codeOf(error: unknown): string {
  const code = systemErrorCode(error);
  return code.startsWith("ERR_SSL_") ? "EPROTO" : code;
}
