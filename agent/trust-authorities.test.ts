import { createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { assert, describe } from "../scripts/describe.ts";
import { createAuthority, damage } from "../scripts/fixtures/certificates.ts";
import { trustAuthorities } from "./trust-authorities.ts";

const [ours, other] = [createAuthority("ours"), createAuthority("other")];
const file = (...certificates: string[]) => ({ path: "/x/ca.pem", certificates });

/** The server's answer, or the code of what is wrong with its certificate. */
function ask(port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  get({ host: "localhost", port, agent: false }, (response) => {
    response.resume();
    resolve(String(response.statusCode));
  }).on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  return promise;
}

describe("trustAuthorities", (test) => {
  const server = createServer(ours.issue("localhost"), (_, response) => void response.end());
  let port = 0;
  test.before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });
  test.after(() => void server.close());
  const STRANGER = "UNABLE_TO_VERIFY_LEAF_SIGNATURE";

  test("believes those that are given, and no longer those that were", async () => {
    assert.is(await ask(port), STRANGER);
    trustAuthorities(file(ours.cert));
    assert.is(await ask(port), "200");
    trustAuthorities(file(other.cert));
    assert.is(await ask(port), STRANGER);
    trustAuthorities(file(other.cert, ours.cert));
    assert.is(await ask(port), "200");
    trustAuthorities(undefined);
    assert.is(await ask(port), STRANGER);
  });

  test("refuses what is no certificate, and goes on believing as before", async () => {
    trustAuthorities(file(ours.cert));
    assert.throws(
      () => trustAuthorities(file(other.cert, damage(ours.cert))),
      /^\/x\/ca\.pem: ca_file: expected certificates in PEM \(-----BEGIN CERTIFICATE-----\), found one that cannot be read$/,
    );
    assert.is(await ask(port), "200");
  });
});
