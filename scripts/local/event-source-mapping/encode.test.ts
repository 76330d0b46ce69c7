import { assert, describe } from "../../describe.ts";
import { type Discard, encodeInvocationRecord, encodeStreamRecord } from "./encode.ts";
import { sequenceNumber, streamRecord } from "./fixture.ts";

const source = {
  region: "eu-west-1",
  streamArn: "arn:aws:kinesis:eu-west-1:000000000000:stream/updates",
  shardId: "shardId-000000000001",
  functionArn: "arn:aws:lambda:eu-west-1:000000000000:function:updater",
  executionRoleArn: "arn:aws:iam::000000000000:role/updater",
};

describe("encodeStreamRecord", (test) => {
  test("gives the record of a real event, key for key", () => {
    const encoded = encodeStreamRecord(
      {
        SequenceNumber: "49590338271490256608559692538361571095921575989136588898",
        PartitionKey: "host.example.",
        Data: Uint8Array.of(0, 255, 62, 63),
        ApproximateArrivalTimestamp: new Date(1_545_084_650_987),
      },
      source,
    );
    assert.is(
      JSON.stringify(encoded),
      '{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"host.example.",' +
        '"sequenceNumber":"49590338271490256608559692538361571095921575989136588898","data":"AP8+Pw==",' +
        '"approximateArrivalTimestamp":1545084650.987},"eventSource":"aws:kinesis","eventVersion":"1.0",' +
        '"eventID":"shardId-000000000001:49590338271490256608559692538361571095921575989136588898",' +
        '"eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::000000000000:role/updater",' +
        '"awsRegion":"eu-west-1","eventSourceARN":"arn:aws:kinesis:eu-west-1:000000000000:stream/updates"}',
    );
  });
});

describe("encodeInvocationRecord", (test) => {
  const batch = {
    streamRecords: [streamRecord(0, "e30=", 1_573_691_884.835), streamRecord(1, "e30=", 1_573_691_885.58)],
    retryCount: 1,
    invokeCount: 2,
  };
  const common = { batch, requestId: "c9b8fa9f-5a7f-4a77-af9c-0c604cde93a5", nowMs: 1_573_691_886_021 };
  const encode = (discard: Discard) => encodeInvocationRecord(discard, source);

  test("tells of records whose retries are used, key for key", () => {
    const encoded = encode({ ...common, condition: "RetryAttemptsExhausted", functionError: "Unhandled" });
    assert.is(
      JSON.stringify(encoded),
      '{"requestContext":{"requestId":"c9b8fa9f-5a7f-4a77-af9c-0c604cde93a5",' +
        '"functionArn":"arn:aws:lambda:eu-west-1:000000000000:function:updater",' +
        '"condition":"RetryAttemptsExhausted","approximateInvokeCount":2},' +
        '"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},' +
        '"version":"1.0","timestamp":"2019-11-14T00:38:06.021Z","KinesisBatchInfo":{' +
        `"shardId":"shardId-000000000001","startSequenceNumber":"${sequenceNumber(0)}",` +
        `"endSequenceNumber":"${sequenceNumber(1)}",` +
        '"approximateArrivalOfFirstRecord":"2019-11-14T00:38:04.835Z",' +
        '"approximateArrivalOfLastRecord":"2019-11-14T00:38:05.580Z","batchSize":2,' +
        '"streamArn":"arn:aws:kinesis:eu-west-1:000000000000:stream/updates"}}',
    );
  });

  test("has no function error where the function reported the failure", () => {
    const encoded = encode({ ...common, condition: "RetryAttemptsExhausted", functionError: null });
    assert.equal(encoded.responseContext, {
      statusCode: 200,
      executedVersion: "$LATEST",
      functionError: null,
    });
  });

  test("has no response for records that were too old, and counts one invocation at least", () => {
    const encoded = encode({
      ...common,
      batch: { ...batch, invokeCount: 0 },
      condition: "RecordAgeExceeded",
    });
    assert.not("responseContext" in encoded);
    assert.is(encoded.requestContext.condition, "RecordAgeExceeded");
    assert.is(encoded.requestContext.approximateInvokeCount, 1);
  });
});
