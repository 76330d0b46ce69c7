// IAM in front of the local Kinesis, which has none: each call is answered as AWS would, or handed on.
import { randomUUID } from "node:crypto";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { findDenial } from "../iam/decision.ts";
import type { Principal } from "../iam/principals.ts";
import { LOCAL_ACCOUNT_ID } from "../lambda/environment.ts";
import type { LocalKinesis } from "./kinesis.ts";

export interface KinesisGuard {
  /** For `AWS_ENDPOINT_URL_KINESIS`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** An error as Kinesis tells it. https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html */
interface Refusal {
  readonly __type: string;
  readonly message: string;
}

/** What a call says of its stream. */
interface StreamOf {
  readonly StreamName?: unknown;
  readonly StreamARN?: unknown;
}

type Kinesis = Pick<LocalKinesis, "url" | "region">;

/** Serves on a free port of 127.0.0.1. Callers are told apart by access key id; signatures are not verified. */
export async function startKinesisGuard(
  kinesis: Kinesis,
  principalOf: (accessKeyId: string) => Principal | undefined,
): Promise<KinesisGuard> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const refusal = await findRefusal(request, { body, principalOf, region: kinesis.region });
    if (refusal) return tellRefusal(response, refusal);
    forward({ request, body, url: kinesis.url }, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) =>
      tellRefusal(response, { __type: "InternalFailure", message: String(error) }, 500),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  readonly body: Buffer;
  readonly principalOf: (accessKeyId: string) => Principal | undefined;
  readonly region: string;
}

async function findRefusal(
  { headers }: IncomingMessage,
  { body, principalOf, region }: Asked,
): Promise<Refusal | undefined> {
  const [, accessKeyId] = /^AWS4-HMAC-SHA256 Credential=([^/\s,]+)\//.exec(headers.authorization ?? "") ?? [];
  if (accessKeyId === undefined) {
    return { __type: "MissingAuthenticationTokenException", message: "Missing Authentication Token" };
  }
  const principal = principalOf(accessKeyId);
  if (!principal) {
    const message = "The security token included in the request is invalid.";
    return { __type: "UnrecognizedClientException", message };
  }
  const operation = String(headers["x-amz-target"]).split(".").at(-1);
  const input = parseBody(body);
  if (!input) return { __type: "SerializationException", message: "Could not parse the body as JSON" };
  const resourceArn = resourceOf(input, region);
  const denial = await findDenial({ principal, action: `kinesis:${operation}`, resourceArn });
  return denial === undefined ? undefined : { __type: "AccessDeniedException", message: denial };
}

function parseBody(body: Buffer): StreamOf | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** A call that names no stream is about all. Where both are given, Kinesis goes by the ARN. */
function resourceOf({ StreamName, StreamARN }: StreamOf, region: string): string {
  if (typeof StreamARN === "string") return StreamARN;
  if (typeof StreamName !== "string") return "*";
  return `arn:aws:kinesis:${region}:${LOCAL_ACCOUNT_ID}:stream/${StreamName}`;
}

function tellRefusal(response: ServerResponse, refusal: Refusal, statusCode = 400): void {
  response.writeHead(statusCode, {
    "content-type": "application/x-amz-json-1.1",
    date: new Date().toUTCString(),
    // By this, callers know that it is AWS who answers.
    "x-amzn-requestid": randomUUID(),
  });
  response.end(JSON.stringify(refusal));
}

function forward(
  { request, body, url }: { readonly request: IncomingMessage; readonly body: Buffer; readonly url: string },
  response: ServerResponse,
): void {
  const { method, url: path = "/", headers } = request;
  const onward = httpRequest(new URL(path, url), {
    method,
    headers: { ...headers, "content-length": body.length },
  });
  onward.once("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.once("error", () => response.destroy());
  onward.end(body);
}
