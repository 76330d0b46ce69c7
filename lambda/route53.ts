import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { type ChangeBatch, commentOf } from "./change-batch.ts";

/** Sends one change batch; gives the id of the change. Rejects with what the SDK makes of a failure. */
export type SendChangeBatch = (batch: ChangeBatch, signal: AbortSignal) => Promise<string>;

const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * Connects to Route 53. Endpoint, region and credentials come from the environment, as the SDK documents.
 * One call is one request: the SDK's own retries would bypass the pace and the deadline of `apply.ts`.
 */
export function createRoute53Sender(requestTimeoutMs = REQUEST_TIMEOUT_MS): SendChangeBatch {
  const client = new Route53Client({
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: requestTimeoutMs,
      // Without it, the time-out is only a warning.
      throwOnRequestTimeout: true,
    }),
  });
  return async (batch, signal) => {
    const output = await client.send(toCommand(batch), { abortSignal: signal });
    const id = output.ChangeInfo?.Id;
    // Something between here and Route 53 may answer 200 with nothing in it, which accepts nothing.
    if (!id) throw new Error("expected the id of a change in the answer, found nothing");
    return id.replace("/change/", "");
  };
}

function toCommand(batch: ChangeBatch): ChangeResourceRecordSetsCommand {
  const changes = batch.rrsets.map(({ winner: { update, rrtype, ttlSeconds } }) => ({
    Action: "UPSERT" as const,
    ResourceRecordSet: {
      Name: update.fqdn,
      Type: rrtype,
      TTL: ttlSeconds,
      ResourceRecords: [{ Value: update.address.text }],
    },
  }));
  return new ChangeResourceRecordSetsCommand({
    HostedZoneId: batch.zone.id,
    ChangeBatch: { Comment: commentOf(batch), Changes: changes },
  });
}
