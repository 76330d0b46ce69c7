import type { KinesisStreamEvent } from "aws-lambda";
import { assert, describe } from "../scripts/describe.ts";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { parseSettings } from "./settings.ts";

// The event of the document that this project was created from, its Python notation made JSON.
const seedEvent: KinesisStreamEvent = {
  Records: [
    {
      eventVersion: "1.0",
      eventID: "shardId-000000000000: 49590637274395895188314144078341336168450725721336184834",
      kinesis: {
        approximateArrivalTimestamp: 1543618890.885,
        partitionKey: "shardId-000000000000",
        data: "eyJpcCI6ICIxLjIuMy40IiwgImRvbWFpbiI6ICJzb21lZG9tYWluLmNvbSIsICJ1dWlkIjogImRiZDQyZTRjLWEzOWMtNGFjMC04MjZhLTE2OTBlNjZlZGM3ZSJ9",
        kinesisSchemaVersion: "1.0",
        sequenceNumber: "49590637274395895188314144078341336168450725721336184834",
      },
      invokeIdentityArn: "arn:aws:iam: : 123456789012:role/lambda-update-route53-kareempoc-lambda-role",
      eventName: "aws:kinesis:record",
      eventSourceARN: "arn:aws:kinesis:eu-west-1: 123456789012:stream/lambda-update-route53-kareempoc-stream",
      eventSource: "aws:kinesis",
      awsRegion: "eu-west-1",
    },
  ],
};

describe("the handler", (test) => {
  test("applies the update of the seed's event", async () => {
    const settings = parseSettings({
      zones: [{ name: "somedomain.com", id: "Z0123456789ABC" }],
      unsignedDomains: ["somedomain.com"],
    });
    const changes: string[] = [];
    const lines: string[] = [];
    const handler = createHandler(settings, {
      send: async ({ zone, rrsets }) => {
        for (const { winner } of rrsets) {
          const { update, rrtype, ttlSeconds } = winner;
          changes.push(`${zone.id} ${update.fqdn} ${ttlSeconds} ${rrtype} ${update.address.text}`);
        }
        return "C0123456789";
      },
      pace: createPace(5, 1000),
      now: () => 1_543_618_891_000,
      sleep: async () => {},
      random: () => 0.5,
      write: (written) => lines.push(...written),
    });
    const context = { awsRequestId: "r1", functionName: "updater", getRemainingTimeInMillis: () => 60_000 };
    assert.equal(await handler(seedEvent, context), { batchItemFailures: [] });
    assert.equal(changes, ["Z0123456789ABC somedomain.com. 60 A 1.2.3.4"]);
    assert.equal(JSON.parse(lines[0] ?? ""), {
      timestamp: "2018-11-30T23:01:31.000Z",
      level: "INFO",
      requestId: "r1",
      message: "applied",
      outcome: "applied",
      uuid: "dbd42e4c-a39c-4ac0-826a-1690e66edc7e",
      fqdn: "somedomain.com",
      type: "A",
      address: "1.2.3.4",
      ttlSeconds: 60,
      sequenceNumber: "49590637274395895188314144078341336168450725721336184834",
      changeId: "C0123456789",
      latencyMs: 115,
    });
  });
});
