// The wire form of Route 53, restXml, made by the SDK's own codec from its own schemas, used the other way round.
import { ChangeInfo$, Route53Client } from "@aws-sdk/client-route-53";
import { invalidInput, malformedInput, type Route53Error } from "./error.ts";
import { matchRoute, type OperationSchema, type StructureSchema, structureOf } from "./route.ts";

const PROLOGUE = '<?xml version="1.0"?>\n';
const [, NAMESPACE] = ChangeInfo$;

const client = new Route53Client({
  region: "us-east-1",
  credentials: { accessKeyId: "never", secretAccessKey: "used" },
});
const codec = client.config.protocol.getPayloadCodec();

/** The envelopes of an error, which no schema of the SDK has: it looks for them by hand. */
const errorResponse: StructureSchema = structure("ErrorResponse", {
  Error: structure("Error", { Type: 0, Code: 0, Message: 0 }),
  RequestId: 0,
});
const invalidChangeBatch: StructureSchema = structure("InvalidChangeBatch", {
  Messages: [1, NAMESPACE, "Messages", 0, [0, { xmlName: "Message" }]],
  RequestId: 0,
});

/**
 * How an InvalidChangeBatch is answered. `ErrorResponse` is what the real service has answered since 2024 at the
 * latest (https://github.com/awslabs/aws-sdk-kotlin/pull/1435): all the messages as one, in brackets. The form with
 * its own root is still the documented one; this SDK makes of it an error named `Unknown` with no message.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors
 */
export type InvalidChangeBatchForm = "ErrorResponse" | "InvalidChangeBatch";

export interface DecodedRequest {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** Makes the body of the answer from the operation's output. */
  encodeOutput(output: object): string;
}

/** @throws Route53Error where it is no request of Route 53's. */
export function decodeRequest(request: { method: string; target: string; body: Buffer }): DecodedRequest {
  const { operation, schema, input } = matchRoute(request.method, request.target);
  const fromBody = request.body.length > 0 ? decodeBody(schema, request.body) : {};
  return {
    operation,
    input: { ...fromBody, ...input },
    encodeOutput: (output) => encode(structureOf(schema, "output"), output),
  };
}

export function encodeError(
  error: Route53Error,
  { requestId, form }: { requestId: string; form: InvalidChangeBatchForm },
): string {
  if (error.name === "InvalidChangeBatch" && form === "InvalidChangeBatch") {
    return encode(invalidChangeBatch, { Messages: error.messages, RequestId: requestId });
  }
  const type = error.statusCode < 500 ? "Sender" : "Receiver";
  return encode(errorResponse, {
    Error: { Type: type, Code: error.name, Message: error.message },
    RequestId: requestId,
  });
}

function decodeBody(schema: OperationSchema, body: Buffer): Record<string, unknown> {
  const structure = structureOf(schema, "input");
  const [, , expected] = structure;
  const [, root] = /<([A-Za-z][\w.-]*)/.exec(body.toString()) ?? [];
  // The real service says it this way to whoever leaves out the root.
  if (root && root !== expected) throw malformedInput(`${root} is not valid, expected ${expected}`);
  try {
    return codec.createDeserializer().read(structure, body);
  } catch (cause) {
    throw invalidInput(`Invalid XML ; ${cause instanceof Error ? cause.message : cause}`);
  }
}

function encode(schema: StructureSchema, value: object): string {
  const serializer = codec.createSerializer();
  serializer.write(schema, value);
  return PROLOGUE + serializer.flush();
}

function structure(name: string, members: Record<string, StructureSchema[5][number]>): StructureSchema {
  return [3, NAMESPACE, name, 0, Object.keys(members), Object.values(members)];
}
