import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { kinesisEvent } from "../scripts/bench/lambda/event.ts";
import { assert, describe } from "../scripts/describe.ts";
import {
  accessDenied,
  internalFailure,
  invalidChangeBatch,
  invalidInput,
  noSuchHostedZone,
  priorRequestNotComplete,
  type Route53Error,
  serviceUnavailable,
  throttling,
} from "../scripts/local/route53/error.ts";
import { type Route53, type Route53Options, startRoute53 } from "../scripts/local/route53/server.ts";
import type { ChangeBatch } from "./change-batch.ts";
import { planChanges } from "./plan.ts";
import { createRoute53Sender } from "./route53.ts";
import { type Failure, readFailure } from "./route53-failure.ts";
import { parseSettings } from "./settings.ts";
import { streamRecordsOf } from "./stream-records.ts";

process.env.AWS_REGION = "eu-west-1";
process.env.AWS_ACCESS_KEY_ID = "local";
process.env.AWS_SECRET_ACCESS_KEY = "local";

const uuid = "70e3e22a-e50e-4770-89ae-6f1d95da9b44";
const NO_TIME_OUT = new AbortController().signal;

function batchFor(...updates: [domain: string, ip: string][]): ChangeBatch {
  const settings = parseSettings({
    zones: [{ name: "example.com", id: "Z0123456789ABC" }],
    unsignedDomains: ["**.example.com", "example.com"],
  });
  const event = kinesisEvent(updates.map(([domain, ip]) => JSON.stringify({ ip, domain, uuid })));
  const [batch] = planChanges(streamRecordsOf(event).records, settings).batches;
  if (!batch) throw new Error("expected a batch, found none");
  return batch;
}

const batch = batchFor(["home.example.com", "81.2.3.4"]);

/** Sends a batch, as the deployed function would, to a server on this machine. */
function sendTo(url: string, signal = NO_TIME_OUT, what = batch): Promise<string> {
  process.env.AWS_ENDPOINT_URL_ROUTE_53 = url;
  return createRoute53Sender()(what, signal);
}

async function withRoute53(options: Partial<Route53Options>, use: (route53: Route53) => Promise<void>) {
  const route53 = await startRoute53({ zones: [{ name: "example.com", id: "Z0123456789ABC" }], ...options });
  try {
    await use(route53);
  } finally {
    await route53.close();
  }
}

async function failureOf(sent: Promise<string>): Promise<Failure> {
  return sent.then(
    (changeId) => assert.unreachable(`expected a failure, got change ${changeId}`) as never,
    readFailure,
  );
}

async function withServer(answer: (server: Server) => void, use: (url: string) => Promise<void>) {
  const server = createServer();
  answer(server);
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await listening;
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const answering = (status: number, body: string) => (server: Server) =>
  server.on("request", (request, response) => {
    request.resume().on("end", () => response.writeHead(status, { "content-type": "text/xml" }).end(body));
  });

describe("the Route 53 sender", (test) => {
  test("sends one UPSERT a name, and gives the id of the change", () =>
    withRoute53({}, async ({ url, calls }) => {
      const two = batchFor(["*.example.com", "81.2.3.4"], ["example.com", "2600::1"]);
      assert.match(await sendTo(url, NO_TIME_OUT, two), /^C[A-Z0-9]+$/);
      const upsert = (Name: string, Type: string, Value: string) => ({
        Action: "UPSERT",
        ResourceRecordSet: { Name, Type, TTL: 60, ResourceRecords: [{ Value }] },
      });
      const Comment = `update-route53 ${uuid} ${uuid}`;
      const Changes = [upsert("*.example.com.", "A", "81.2.3.4"), upsert("example.com.", "AAAA", "2600::1")];
      assert.equal(
        calls.map(({ operation, hostedZoneId, input }) => ({
          operation,
          hostedZoneId,
          batch: input.ChangeBatch,
        })),
        [
          {
            operation: "ChangeResourceRecordSets",
            hostedZoneId: "Z0123456789ABC",
            batch: { Comment, Changes },
          },
        ],
      );
    }));

  const errors: [error: Route53Error, kind: Failure["kind"], message: string][] = [
    [throttling(), "throttled", 'Route 53 answered 400: "Rate exceeded"'],
    [
      priorRequestNotComplete(),
      "busy",
      'Route 53 answered 400: "The request was rejected because Route 53 was still processing a prior request."',
    ],
    [
      serviceUnavailable(),
      "transient",
      'Route 53 answered 503: "The request has failed due to a temporary failure of the server."',
    ],
    [
      internalFailure(),
      "transient",
      'Route 53 answered 500: "The request processing has failed because of an unknown error, exception or failure."',
    ],
    [
      accessDenied("User: x is not authorized"),
      "denied",
      'Route 53 answered 403: "User: x is not authorized"',
    ],
    [noSuchHostedZone("Z1"), "no-zone", 'Route 53 answered 404: "No hosted zone found with ID: Z1"'],
    [invalidInput("Bad value"), "invalid", 'Route 53 answered 400: "Bad value"'],
    [invalidChangeBatch(["one", "two"]), "invalid", 'Route 53 answered 400: "[one, two]"'],
  ];
  for (const [error, kind, message] of errors) {
    test(`finds ${error.name} ${kind}, in one request`, () =>
      withRoute53({}, async ({ url, calls, faults }) => {
        faults.add({ error }, { times: Number.POSITIVE_INFINITY });
        const failure = await failureOf(sendTo(url));
        assert.equal([failure.kind, failure.reason, failure.message], [kind, error.name, message]);
        assert.is(calls.length, 1);
      }));
  }

  test("reads the form of InvalidChangeBatch that the SDK cannot name", () =>
    withRoute53({ invalidChangeBatchForm: "InvalidChangeBatch" }, async ({ url, faults }) => {
      faults.add({ error: invalidChangeBatch(["one home.example.com.", "two"]) });
      const failure = await failureOf(sendTo(url));
      assert.equal(failure, {
        kind: "invalid",
        reason: "Unknown",
        said: "one home.example.com., two",
        message: 'Route 53 answered 400: "one home.example.com., two"',
      });
    }));

  test("finds Route 53 busy where a connection is cut", () =>
    withRoute53({}, async ({ url, faults }) => {
      faults.add({ reset: true });
      const { kind, message } = await failureOf(sendTo(url));
      assert.is(kind, "busy");
      assert.match(message, /^the call to Route 53 failed: ".*ECONNRESET"$/);
    }));

  test("finds Route 53 busy where nobody listens", async () => {
    let closedUrl = "";
    await withServer(answering(200, ""), async (url) => {
      closedUrl = url;
    });
    const { kind, message } = await failureOf(sendTo(closedUrl));
    assert.is(kind, "busy");
    assert.match(message, /^the call to Route 53 failed: ".*ECONNREFUSED 127\.0\.0\.1:\d+"$/);
  });

  test("stops waiting for an answer when it is told to", () =>
    withServer(
      () => {},
      async (url) => {
        const failure = await failureOf(sendTo(url, AbortSignal.timeout(100)));
        assert.is(failure.kind, "busy");
        assert.match(failure.message, /^the call to Route 53 failed: "Request aborted"$/);
      },
    ));

  type Odd = [name: string, status: number, body: string, kind: Failure["kind"]];
  const oddAnswers: Odd[] = [
    ["200 with nothing", 200, "", "busy"],
    ["200 with HTML", 200, "<html>Welcome to the hotel</html>", "busy"],
    ["200 with half an answer", 200, "<ChangeResourceRecordSetsResponse><Change", "transient"],
    ["502 with HTML", 502, "<html>Bad gateway</html>", "transient"],
    ["413 with HTML", 413, "<html>Too large<br></html>", "transient"],
    ["403 with an expired token", 403, errorBody("ExpiredToken"), "transient"],
    ["403 with an unknown key", 403, errorBody("InvalidClientTokenId"), "transient"],
    ["400 with an expired request", 400, errorBody("RequestExpired"), "transient"],
    ["400 with a change batch that is invalid", 400, errorBody("InvalidChangeBatch"), "invalid"],
    ["400 with an input that is invalid", 400, errorBody("InvalidInput"), "invalid"],
    ["400 with an input that fails validation", 400, errorBody("ValidationError"), "invalid"],
    ["400 with an error that is new", 400, errorBody("BrandNewError"), "transient"],
    ["400 with HTML", 400, "<html>Bad request</html>", "unclear"],
    ["400 with nothing", 400, "", "unclear"],
    ...[
      "RequestTimeout",
      "ExpiredToken",
      "NotAuthorized",
      "RequestInTheFuture",
      "RequestTimeTooSkewed",
      "InvalidSignatureException",
      "MissingAuthenticationToken",
      "OptInRequired",
    ].map((code): Odd => [`400 with ${code}`, 400, errorBody(code), "transient"]),
    ...["RequestThrottled", "SlowDown", "LimitExceededException"].map(
      (code): Odd => [`400 with ${code}`, 400, errorBody(code), "throttled"],
    ),
    ["404 with an error that is new", 404, errorBody("BrandNewError"), "transient"],
  ];
  for (const [name, status, body, kind] of oddAnswers) {
    test(`finds ${name} ${kind}`, () =>
      withServer(answering(status, body), async (url) => {
        const failure = await failureOf(sendTo(url));
        assert.is(failure.kind, kind);
        assert.match(
          failure.message,
          /^(?:Route 53 answered \d+|the call to Route 53 failed): "[\x20-\x7e]+"$/,
        );
      }));
  }

  test("takes no answer without the id of a change for an acceptance", () =>
    withServer(answering(200, ""), async (url) => {
      const { message } = await failureOf(sendTo(url));
      const expected = "expected the id of a change in the answer, found nothing";
      assert.is(message, `the call to Route 53 failed: "${expected}"`);
    }));

  test("puts what Route 53 says on one line, in quotes", () => {
    const error = Object.assign(new Error('a\nb"\u2028\u001b[2J'), {
      name: "InvalidInput",
      $fault: "client",
    });
    const { message } = readFailure(error);
    assert.is(message, 'the call to Route 53 failed: "a\\nb\\"\\u2028\\u001b[2J"');
  });
});

function errorBody(code: string): string {
  return `<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error><RequestId>x</RequestId></ErrorResponse>`;
}
