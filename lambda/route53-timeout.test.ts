import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { assert, describe } from "../scripts/describe.ts";
import { batchOf, zoneNamed } from "../scripts/simulate/route53.ts";
import { createRoute53Sender } from "./route53.ts";
import { readFailure } from "./route53-failure.ts";

const REQUEST_TIMEOUT_MS = 200;

describe("the Route 53 sender, where no answer comes,", (test) => {
  test("gives the call up after its own time-out, with no need to be told", async () => {
    const server = createServer((request) => request.resume());
    const { promise: listening, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await listening;
    Object.assign(process.env, {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL_ROUTE_53: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    const told = AbortSignal.timeout(10_000);
    try {
      const sent = createRoute53Sender(REQUEST_TIMEOUT_MS)(batchOf(zoneNamed("one"), 1), told);
      const failure = await sent.then(
        (changeId) => assert.unreachable(`got change ${changeId}`),
        readFailure,
      );
      assert.is(told.aborted, false);
      assert.equal([failure?.kind, failure?.reason], ["busy", "TimeoutError"]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
