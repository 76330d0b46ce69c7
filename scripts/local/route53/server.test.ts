import {
  ChangeResourceRecordSetsCommand,
  type ChangeResourceRecordSetsCommandOutput,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHealthChecksCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  Route53Client,
  waitUntilResourceRecordSetsChanged,
} from "@aws-sdk/client-route-53";
import { assert, describe } from "../../describe.ts";
import { accessDenied } from "./error.ts";
import { type Route53, type Route53Call, type Route53Options, startRoute53 } from "./server.ts";

const zones = [{ name: "example.com", id: "Z1" }];

interface Session {
  readonly route53: Route53;
  readonly client: Route53Client;
}

/** Runs against a Route 53 of its own, through the real SDK, and closes both. */
async function withRoute53(
  options: Partial<Route53Options>,
  run: (session: Session) => Promise<void>,
): Promise<void> {
  const route53 = await startRoute53({ zones, ...options });
  const client = new Route53Client({
    endpoint: route53.url,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDLOCAL", secretAccessKey: "secret" },
  });
  try {
    await run({ route53, client });
  } finally {
    client.destroy();
    await route53.close();
  }
}

function upsert(client: Route53Client, name = "home.example.com", value = "192.0.2.1") {
  const ResourceRecordSet = { Name: name, Type: "A" as const, TTL: 60, ResourceRecords: [{ Value: value }] };
  const ChangeBatch = {
    Comment: "a device moved",
    Changes: [{ Action: "UPSERT" as const, ResourceRecordSet }],
  };
  return client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: "/hostedzone/Z1", ChangeBatch }));
}

/** An error as whoever calls the SDK meets it. */
async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    return `no failure but ${JSON.stringify(await promise)}`;
  } catch (error) {
    const { name, message, $metadata, code } = error as Error & {
      code?: string;
      $metadata?: { httpStatusCode?: number };
    };
    return `${$metadata?.httpStatusCode ?? code} ${name}: ${message}`;
  }
}

/** All record sets, by pages of two. */
async function names(client: Route53Client): Promise<string[]> {
  const found: string[] = [];
  let page: Partial<ListResourceRecordSetsCommandOutput> | undefined = {};
  while (page) {
    const { NextRecordName: StartRecordName, NextRecordType: StartRecordType } = page;
    const start = { HostedZoneId: "Z1", MaxItems: 2, StartRecordName, StartRecordType };
    const output: ListResourceRecordSetsCommandOutput = await client.send(
      new ListResourceRecordSetsCommand(start),
    );
    found.push(...(output.ResourceRecordSets ?? []).map(({ Name, Type }) => `${Name} ${Type}`));
    page = output.IsTruncated ? output : undefined;
  }
  return found;
}

describe("the local Route 53, through the SDK", (test) => {
  test("changes records and lists them page by page", async () => {
    await withRoute53({}, async ({ client }) => {
      const { ChangeInfo } = await upsert(client, "*.example.com");
      assert.match(ChangeInfo?.Id ?? "", /^\/change\/C[0-9A-Z]{19}$/);
      assert.equal([ChangeInfo?.Status, ChangeInfo?.Comment], ["PENDING", "a device moved"]);
      await upsert(client);
      assert.equal(await names(client), [
        "example.com. NS",
        "example.com. SOA",
        "\\052.example.com. A",
        "home.example.com. A",
      ]);
    });
  });

  test("waits for a change to be in sync", async () => {
    let nowMs = Date.parse("2026-01-02T03:04:05.678Z");
    const now = () => nowMs;
    await withRoute53({ inSyncAfterMs: 60_000, now }, async ({ client, route53 }) => {
      const { ChangeInfo } = await upsert(client);
      assert.equal(ChangeInfo?.SubmittedAt, new Date(nowMs));
      const Id = ChangeInfo?.Id;
      assert.is((await client.send(new GetChangeCommand({ Id }))).ChangeInfo?.Status, "PENDING");
      nowMs += 60_000;
      const outcome = await waitUntilResourceRecordSetsChanged(
        { client, maxWaitTime: 5, minDelay: 1 },
        { Id },
      );
      assert.is(String(outcome.state), "SUCCESS");
      assert.equal(
        route53.calls.map(({ operation }) => operation),
        ["ChangeResourceRecordSets", "GetChange", "GetChange"],
      );
    });
  });

  test("tells its zones", async () => {
    await withRoute53({}, async ({ client }) => {
      const { HostedZone, DelegationSet } = await client.send(
        new GetHostedZoneCommand({ Id: "/hostedzone/Z1" }),
      );
      assert.equal(
        [HostedZone?.Id, HostedZone?.Name, HostedZone?.ResourceRecordSetCount],
        ["/hostedzone/Z1", "example.com.", 2],
      );
      assert.equal(
        DelegationSet?.NameServers,
        [1, 2, 3, 4].map((number) => `ns-${number}.awsdns.test`),
      );
      const all = await client.send(new ListHostedZonesCommand({}));
      const byName = await client.send(new ListHostedZonesByNameCommand({ DNSName: "example.com" }));
      assert.equal([all.HostedZones, byName.HostedZones], [[HostedZone], [HostedZone]] as never);
    });
  });

  test("records every call with who made it, when, and what it said", async () => {
    await withRoute53({ now: () => 1_234 }, async ({ client, route53 }) => {
      await upsert(client);
      const ResourceRecordSet = {
        Name: "home.example.com",
        Type: "A",
        TTL: 60,
        ResourceRecords: [{ Value: "192.0.2.1" }],
      };
      const ChangeBatch = { Changes: [{ Action: "UPSERT", ResourceRecordSet }], Comment: "a device moved" };
      const expected = {
        operation: "ChangeResourceRecordSets",
        hostedZoneId: "Z1",
        input: { ChangeBatch, HostedZoneId: "Z1" },
        accessKeyId: "AKIDLOCAL",
        atMs: 1_234,
      };
      assert.equal(route53.calls, [expected]);
    });
  });

  const failures: readonly (readonly [string, (client: Route53Client) => Promise<unknown>, string])[] = [
    [
      "a batch that is refused",
      (client) => upsert(client, "example.org", "bad"),
      "400 InvalidChangeBatch: [RRSet with DNS name example.org. is not permitted in zone example.com., " +
        "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) " +
        "encountered with 'bad'']",
    ],
    [
      "an empty batch",
      (client) =>
        client.send(
          new ChangeResourceRecordSetsCommand({ HostedZoneId: "Z1", ChangeBatch: { Changes: [] } }),
        ),
      "400 InvalidInput: Invalid XML ; cvc-complex-type.2.4.b: The content of element 'Changes' is not complete. " +
        `One of '{"https://route53.amazonaws.com/doc/2013-04-01/":Change}' is expected.`,
    ],
    [
      "an unknown zone",
      (client) => client.send(new GetHostedZoneCommand({ Id: "Z9" })),
      "404 NoSuchHostedZone: No hosted zone found with ID: Z9",
    ],
    [
      "an unknown change",
      (client) => client.send(new GetChangeCommand({ Id: "C9" })),
      "404 NoSuchChange: Could not find resource with ID: C9",
    ],
    [
      "an operation that is not implemented",
      (client) => client.send(new ListHealthChecksCommand({})),
      "400 NotImplemented: ListHealthChecks is not implemented by the local Route 53",
    ],
  ];
  for (const [title, send, expected] of failures) {
    test(`fails for ${title}`, () =>
      withRoute53({}, async ({ client }) => assert.is(await failure(send(client)), expected)));
  }

  test("fails as `Unknown` where a refused batch is told in the documented form", async () => {
    await withRoute53({ invalidChangeBatchForm: "InvalidChangeBatch" }, async ({ client }) => {
      assert.is(await failure(upsert(client, "example.org")), "400 Unknown: UnknownError");
    });
  });

  test("asks every caller for a signature", async () => {
    await withRoute53({}, async ({ route53 }) => {
      const response = await fetch(`${route53.url}/2013-04-01/hostedzone`);
      assert.is(response.status, 403);
      assert.match(await response.text(), /<Code>MissingAuthenticationToken<\/Code>/);
    });
  });

  test("denies where the hook throws, and changes nothing", async () => {
    const seen: Route53Call[] = [];
    const beforeCall = async (call: Route53Call) => {
      seen.push(call);
      if (call.operation === "ChangeResourceRecordSets")
        throw accessDenied("User: someone is not authorized");
    };
    await withRoute53({ beforeCall }, async ({ client, route53 }) => {
      assert.is(await failure(upsert(client)), "403 AccessDenied: User: someone is not authorized");
      assert.equal(await names(client), ["example.com. NS", "example.com. SOA"]);
      assert.equal(seen, route53.calls);
    });
  });

  test("tells of a hook that breaks", async () => {
    const beforeCall = () => {
      throw new TypeError("a mistake");
    };
    await withRoute53({ beforeCall }, async ({ client }) => {
      assert.match(await failure(upsert(client)), /^500 InternalFailure: .*, TypeError: a mistake$/);
    });
  });

  test("lets five calls a second through where limited, by its own clock", async () => {
    let nowMs = 0;
    await withRoute53({ callsPerSecond: 5, now: () => nowMs }, async ({ client, route53 }) => {
      const outcomes: string[] = [];
      for (let call = 0; call < 6; call += 1) outcomes.push(await failure(upsert(client)));
      assert.equal(outcomes.filter((outcome) => outcome === "400 Throttling: Rate exceeded").length, 1);
      assert.is(outcomes[5], "400 Throttling: Rate exceeded");
      nowMs = 200;
      const { ChangeInfo }: ChangeResourceRecordSetsCommandOutput = await upsert(client);
      assert.is(ChangeInfo?.Status, "PENDING");
      assert.is(route53.calls.length, 7);
    });
  });
});
