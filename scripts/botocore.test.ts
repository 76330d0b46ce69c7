// A client that shares no code with this project or its SDK: what the local services tell it, AWS tells it.
import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { assert, describe } from "./describe.ts";
import { startKinesis } from "./local/kinesis/kinesis.ts";
import { throttling } from "./local/route53/error.ts";
import { startRoute53 } from "./local/route53/server.ts";

const script = fileURLToPath(new URL("botocore-client.py", import.meta.url));
// Debian's package is for the system's Python, which need not be the first on the PATH.
const python = ["python3", "/usr/bin/python3"].find(
  (command) => spawnSync(command, [script, "--check"]).status === 0,
);
const missing =
  python === undefined ? "expected a python3 with botocore (python3-botocore), found none" : undefined;

interface Told {
  readonly route53: Readonly<Record<string, unknown>>;
  readonly kinesis: Readonly<Record<string, unknown>>;
}

/** What botocore was told by services whose Route 53 throttles one change. */
async function askWithBotocore(): Promise<Told> {
  const route53 = await startRoute53({ zones: [{ name: "example.com", id: "Z1" }], inSyncAfterMs: 100 });
  const isThrottled = ({ input }: { input: unknown }) =>
    JSON.stringify(input).includes("throttled.example.com");
  route53.faults.add({ error: throttling() }, { when: isThrottled });
  const kinesis = await startKinesis({ streams: [{ name: "updates", shards: 1 }], region: "eu-west-1" });
  try {
    const env = { ...process.env, ROUTE53_URL: route53.url, KINESIS_URL: kinesis.url };
    const { stdout } = await promisify(execFile)(python ?? "", [script], { env, timeout: 60_000 });
    return JSON.parse(stdout);
  } finally {
    await Promise.all([route53.close(), kinesis.close()]);
  }
}

describe("botocore", (test) => {
  test.unless(missing, "lists, changes, waits and fails as with AWS", async () => {
    const { route53, kinesis } = await askWithBotocore();
    assert.equal(route53, {
      zone: ["example.com.", "/hostedzone/Z1", 2],
      statuses: ["PENDING", "INSYNC"],
      rrsets: [
        ["example.com.", "NS"],
        ["example.com.", "SOA"],
        ["\\052.example.com.", "A"],
      ],
      noZone: ["NoSuchHostedZone", "No hosted zone found with ID: ZNOWHERE", 404],
      invalid: [
        "InvalidChangeBatch",
        "[RRSet with DNS name home.example.org. is not permitted in zone example.com.]",
        400,
      ],
      throttled: ["Throttling", "Rate exceeded", 400],
    });
    assert.equal(kinesis, {
      streams: ["updates"],
      records: [["payload", "home.example.com"]],
      isSameNumber: true,
      noStream: "ResourceNotFoundException",
    });
  });
});
