// A Route 53 on the loopback for the local cloud: the real API over HTTP, a record of every call, and faults at will.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { internalFailure, missingAuthenticationToken, Route53Error, throttling } from "./error.ts";
import { createFaults, type Fault, type Faults } from "./fault.ts";
import { bareId } from "./id.ts";
import { answerOperation } from "./operation.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createStore, type HostedZoneOptions, type Route53Store } from "./store.ts";
import { type DecodedRequest, decodeRequest, encodeError, type InvalidChangeBatchForm } from "./xml.ts";

export interface Route53Call {
  /** AWS's name for it: `ChangeResourceRecordSets`. */
  readonly operation: string;
  /** The zone the call names, without `/hostedzone/`. */
  readonly hostedZoneId: string | undefined;
  /** The input as the SDK would have taken it. */
  readonly input: Record<string, unknown>;
  /** From the SigV4 header, whose signature is not verified. */
  readonly accessKeyId: string | undefined;
  readonly atMs: number;
}

export interface Route53Options {
  readonly zones: readonly HostedZoneOptions[];
  /** How long a change stays PENDING; default 0, `Infinity` for always. */
  readonly inSyncAfterMs?: number;
  /** Runs before every operation; a Route53Error it throws is the answer. Where IAM would sit. */
  readonly beforeCall?: (call: Route53Call) => void | Promise<void>;
  /** Default: no limit. AWS's is 5. */
  readonly callsPerSecond?: number;
  readonly invalidChangeBatchForm?: InvalidChangeBatchForm;
  readonly now?: () => number;
}

export interface Route53 {
  /** `http://127.0.0.1:PORT`, for `endpoint` or AWS_ENDPOINT_URL_ROUTE_53. */
  readonly url: string;
  readonly store: Route53Store;
  /** Every call of a known operation, in the order of arrival, the refused ones too. */
  readonly calls: readonly Route53Call[];
  readonly faults: Faults<Route53Call>;
  close(): Promise<void>;
}

interface Service extends Omit<Route53Options, "zones"> {
  readonly store: Route53Store;
  readonly calls: Route53Call[];
  readonly faults: Faults<Route53Call>;
  readonly isWithinRate: (nowMs: number) => boolean;
  readonly closing: AbortSignal;
  readonly now: () => number;
}

export async function startRoute53({ zones, ...options }: Route53Options): Promise<Route53> {
  const { callsPerSecond, inSyncAfterMs, now = Date.now } = options;
  const closing = new AbortController();
  const service: Service = {
    ...options,
    store: createStore(zones, inSyncAfterMs),
    calls: [],
    faults: createFaults(),
    isWithinRate: callsPerSecond === undefined ? () => true : createRateLimit(callsPerSecond),
    closing: closing.signal,
    now,
  };
  const server = createServer((request, response) => void respond(service, request, response));
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, "127.0.0.1", resolve);
  await listening;
  const { store, calls, faults } = service;
  const close = async () => {
    const { promise: closed, resolve: done } = Promise.withResolvers<void>();
    closing.abort();
    server.close(() => done());
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, store, calls, faults, close };
}

async function respond(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const headers = { "content-type": "text/xml", "x-amzn-requestid": requestId };
  try {
    const body = await answer(service, request);
    response.writeHead(200, headers).end(body);
  } catch (error) {
    if (error instanceof ConnectionReset) return void request.socket.resetAndDestroy();
    const answered = asRoute53Error(error);
    const form = service.invalidChangeBatchForm ?? "ErrorResponse";
    response.writeHead(answered.statusCode, headers).end(encodeError(answered, { requestId, form }));
  }
}

async function answer(service: Service, request: IncomingMessage): Promise<string> {
  const { method = "", url: target = "" } = request;
  const decoded = decodeRequest({ method, target, body: await buffer(request) });
  const call = recordCall(service, decoded, request.headers.authorization);
  if (!call.accessKeyId) throw missingAuthenticationToken();
  if (!service.isWithinRate(call.atMs)) throw throttling();
  const fault = service.faults.take(call);
  if (fault?.delayMs) await delay(fault.delayMs, undefined, { signal: service.closing });
  if (fault && !fault.afterApplying) strike(fault);
  await service.beforeCall?.(call);
  const { operation, input } = decoded;
  const output = answerOperation(service.store, { operation, input, nowMs: service.now() });
  if (fault?.afterApplying) strike(fault);
  return decoded.encodeOutput(output);
}

function recordCall(service: Service, decoded: DecodedRequest, authorization = ""): Route53Call {
  const { operation, input } = decoded;
  const named = operation === "GetHostedZone" ? input.Id : input.HostedZoneId;
  const hostedZoneId = named === undefined ? undefined : bareId(named);
  const [, accessKeyId] = /^AWS4-HMAC-SHA256 Credential=([^/\s,]+)\//.exec(authorization) ?? [];
  const call = { operation, hostedZoneId, input, accessKeyId, atMs: service.now() };
  service.calls.push(call);
  return call;
}

class ConnectionReset extends Error {}

function strike({ error, reset }: Fault): void {
  if (reset) throw new ConnectionReset();
  if (error) throw error;
}

/** A mistake in the local cloud itself is told in the answer: nobody else would. */
function asRoute53Error(error: unknown): Route53Error {
  if (error instanceof Route53Error) return error;
  const { statusCode, messages } = internalFailure();
  return new Route53Error("InternalFailure", statusCode, [...messages, String(error)]);
}
