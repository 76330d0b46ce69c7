import { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";

const CONNECTION_TIMEOUT_MS = 2000;
const REQUEST_TIMEOUT_MS = 20_000;

/** A client of the local Kinesis at `url`. HTTP/1.1: the SDK's default for Kinesis is HTTP/2 over TLS. */
export function createKinesisClient({ url, region }: { url: string; region: string }): KinesisClient {
  return new KinesisClient({
    endpoint: url,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
    }),
  });
}
