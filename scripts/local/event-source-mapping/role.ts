// What Lambda's poller may do, which is what the function's role may.
import { expectAllowed } from "../iam/decision.ts";
import type { Principal } from "../iam/principals.ts";

// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html, without enhanced fan-out.
const STREAM_ACTIONS = [
  "DescribeStream",
  "DescribeStreamSummary",
  "GetRecords",
  "GetShardIterator",
  "ListShards",
];

/**
 * Checks what Lambda checks when a mapping is created, before any record is read.
 * @throws in the words of AWS for the first right that the role has not
 */
export async function checkMappingRole(
  principal: Principal,
  { streamArn, queueArn }: { readonly streamArn: string; readonly queueArn: string | undefined },
): Promise<void> {
  for (const action of STREAM_ACTIONS) {
    await expectAllowed({ principal, action: `kinesis:${action}`, resourceArn: streamArn });
  }
  if (queueArn !== undefined) {
    await expectAllowed({ principal, action: "sqs:SendMessage", resourceArn: queueArn });
  }
}
