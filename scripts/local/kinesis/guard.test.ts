import { assert, describe } from "../../describe.ts";
import { type StreamStandIn, startStreamStandIn } from "../../fixtures/stream-stand-in.ts";
import { type KinesisGuard, startKinesisGuard } from "./guard.ts";

const policy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "kinesis:PutRecord",
      Resource: "arn:aws:kinesis:eu-west-1:000000000000:stream/mine",
    },
  ],
};
const device = { arn: "arn:aws:iam::000000000000:user/d", policies: [{ name: "p", policy }] };
const Data = Buffer.from('{"ip":"1.2.3.4"}').toString("base64");

describe("IAM in front of the local Kinesis", (test) => {
  let kinesis: StreamStandIn;
  let guard: KinesisGuard;
  test.before(async () => {
    kinesis = await startStreamStandIn();
    const principalOf = (key: string) => (key === "KNOWN" ? device : undefined);
    guard = await startKinesisGuard({ url: kinesis.url, region: "eu-west-1" }, principalOf);
  });
  test.after(async () => {
    await guard.close();
    await kinesis.close();
  });

  async function call(body: string, key: string | undefined = "KNOWN", operation = "PutRecord") {
    const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/kinesis/aws4_request, x`;
    const response = await fetch(guard.url, {
      method: "POST",
      headers: { "x-amz-target": `Kinesis_20131202.${operation}`, ...(key !== "" && { authorization }) },
      body,
    });
    const { __type: error, SequenceNumber } = (await response.json()) as Record<string, string>;
    return `${response.status} ${error ?? SequenceNumber}`;
  }
  const put = (stream: object) => JSON.stringify({ ...stream, Data, PartitionKey: "p" });

  test("hands on what is allowed, and the answer back", async () => {
    assert.is(await call(put({ StreamName: "mine" })), "200 1");
    assert.is(kinesis.accepted[0]?.ip, "1.2.3.4");
    assert.is(kinesis.accepted[0]?.headers["x-amz-target"], "Kinesis_20131202.PutRecord");
  });

  test("refuses everything else, and hands nothing on", async () => {
    const before = kinesis.requests.length;
    const mine = put({ StreamName: "mine" });
    assert.is(await call(mine, ""), "400 MissingAuthenticationTokenException");
    assert.is(await call(mine, "STRANGER"), "400 UnrecognizedClientException");
    assert.is(await call(mine, "KNOWN", "GetRecords"), "400 AccessDeniedException");
    assert.is(await call(put({ StreamName: "other" })), "400 AccessDeniedException");
    assert.is(await call(put({})), "400 AccessDeniedException");
    assert.is(await call("not JSON"), "400 SerializationException");
    const StreamARN = "arn:aws:kinesis:us-east-1:000000000000:stream/mine";
    assert.is(await call(put({ StreamName: "mine", StreamARN })), "400 AccessDeniedException");
    assert.is(kinesis.requests.length, before);
  });
});
