import { homedir } from "node:os";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Credentials } from "../config/credentials.ts";

export interface KinesisClientOptions {
  readonly region: string | undefined;
  readonly credentials: Credentials | undefined;
  /** The local address to send from; undefined leaves the choice to the system. */
  readonly localAddress: string | undefined;
}

/** A client that makes one attempt per call. What is not given is found as the AWS SDK finds it. */
export function createKinesisClient({
  region,
  credentials,
  localAddress,
}: KinesisClientOptions): KinesisClient {
  ensureHomeDirectory();
  return new KinesisClient({
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: 1,
    // The SDK's default for Kinesis opens an HTTP/2 session, and so a TLS handshake, for every call.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: 10_000,
      // Without this, the SDK only writes a warning when the time is over, and goes on waiting.
      throwOnRequestTimeout: true,
      ...(localAddress !== undefined && { httpsAgent: { localAddress }, httpAgent: { localAddress } }),
    }),
  });
}

/**
 * The SDK asks for the home directory even where it has nothing to look for in it. A hook has no $HOME, and where the
 * user is not in /etc/passwd either, the system knows none: then it is the root, where there is nothing to find.
 */
export function ensureHomeDirectory(): void {
  try {
    homedir();
  } catch {
    process.env.HOME = "/";
  }
}
