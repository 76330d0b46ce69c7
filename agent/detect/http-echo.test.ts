import { lookup } from "node:dns/promises";
import type { RequestListener } from "node:http";
import type { Family } from "../../lambda/contract/address.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { startEchoServer } from "../../scripts/local/echo-server.ts";
import { askHttpEcho } from "./http-echo.ts";

interface Question {
  readonly family?: Family;
  readonly signal?: AbortSignal;
}

/** Asks a server that answers as the listener does; the address it is known for, or the reason why not. */
async function ask(listener: RequestListener, question: Question = {}): Promise<string> {
  const server = await startEchoServer(listener);
  try {
    return await askUrl(server.url, question);
  } finally {
    await server.close();
  }
}

async function askUrl(url: string, { family = "ipv4", signal = AbortSignal.timeout(10_000) }: Question) {
  const answer = await askHttpEcho(new URL(url), family, { signal });
  return answer.state === "known" ? answer.address.text : answer.reason;
}

const answerWith =
  (body: string | Buffer, status = 200, headers = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

// The one name that can have both families without a name server.
const noIpv6 = await lookup("localhost", { family: 6 }).then(
  () => undefined,
  () => "localhost has no IPv6 address on this machine",
);

describe("askHttpEcho", (test) => {
  const answers: [string, RequestListener, string][] = [
    ["a bare address", answerWith("1.2.3.4"), "1.2.3.4"],
    ["an address and a line feed", answerWith("1.2.3.4\r\n"), "1.2.3.4"],
    [
      "JSON",
      answerWith('{"ip":"1.2.3.4","port":80}', 200, { "content-type": "application/json" }),
      "1.2.3.4",
    ],
    ["HTML", answerWith("<html><body>Your IP: <b>1.2.3.4</b></body></html>"), "1.2.3.4"],
    ["a trace of fields", answerWith("fl=1f2\nh=one.example\nip=1.2.3.4\nts=1.5\n"), "1.2.3.4"],
    ["the same address twice", answerWith("1.2.3.4 and 1.2.3.4"), "1.2.3.4"],
    ["two addresses", answerWith("1.2.3.4, 8.8.8.8"), 'expected an address, got "1.2.3.4, 8.8.8.8"'],
    ["nothing", answerWith(""), 'expected an address, got ""'],
    ["a captive portal", answerWith("<html>log in</html>"), 'expected an address, got "<html>log in</html>"'],
    [
      "a private address",
      answerWith("10.0.0.1"),
      "10.0.0.1 is not public: 10.0.0.0/8 is private use (RFC 1918), it only exists inside a private network, so the Internet cannot reach it",
    ],
    ["the other family", answerWith("2600::1"), "expected an ipv4 address, got 2600::1"],
    [
      "binary noise",
      answerWith(Buffer.from([0, 255, 27, 91])),
      'expected an address, got "\\u0000\\ufffd\\u001b["',
    ],
    ["a number that JSON readers would change", answerWith("1e3"), 'expected an address, got "1e3"'],
    ["status 404", answerWith("1.2.3.4", 404), "expected status 200, got 404"],
    ["status 500", answerWith("1.2.3.4", 500), "expected status 200, got 500"],
    ["status 204", answerWith("", 204), "expected status 200, got 204"],
    [
      "a redirect to plain HTTP",
      answerWith("", 302, { location: "http://192.0.2.1/" }),
      "refused a redirect to what is no HTTPS service",
    ],
    [
      "a redirect to another service of this machine",
      answerWith("", 302, { location: "http://127.0.0.1:1/reboot" }),
      "refused a redirect to what is no HTTPS service",
    ],
    [
      "a redirect to a file",
      answerWith("", 302, { location: "file:///etc/passwd" }),
      "refused a redirect to what is no HTTPS service",
    ],
    [
      "a redirect to itself, for ever",
      answerWith("", 302, { location: "/" }),
      "expected at most 3 redirects, found more",
    ],
  ];
  for (const [name, listener, expected] of answers) {
    test(`understands ${name}`, async () => assert.is(await ask(listener), expected));
  }

  test("asks a failing service once", async () => {
    let requests = 0;
    await ask((_, response) => {
      requests += 1;
      response.writeHead(500).end();
    });
    assert.is(requests, 1);
  });

  test("stops reading an endless answer", async () => {
    const closed = Promise.withResolvers<void>();
    const endless: RequestListener = (_, response) => {
      const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
      response.on("close", () => {
        clearInterval(timer);
        closed.resolve();
      });
    };
    assert.is(await ask(endless), "expected at most 16384 bytes, got more");
    await closed.promise;
  });

  /** Resolves once the client has closed the connection of a request that is never fully answered. */
  const untilAborted = async (begin: (write: (text: string) => void) => void) => {
    const closed = Promise.withResolvers<void>();
    const abort = new AbortController();
    const answer = await ask(
      (request, response) => {
        request.socket.on("close", () => closed.resolve());
        begin((text) => void response.write(text));
        // The body has begun, or will never begin: only now does the caller lose patience.
        setImmediate(() => abort.abort());
      },
      { signal: abort.signal },
    );
    await closed.promise;
    return answer;
  };
  test("gives up before the headers, and closes the socket", async () => {
    assert.is(await untilAborted(() => {}), "no answer in time");
  });
  test("gives up in the middle of the body, and closes the socket", async () => {
    assert.is(await untilAborted((write) => write("1.2.3")), "no answer in time");
  });

  test("says that nobody listens", async () => {
    const server = await startEchoServer(answerWith(""));
    await server.close();
    assert.match(await askUrl(server.url, {}), /^connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
  });

  test.unless(noIpv6, "asks by IPv6 where IPv6 is wanted, whatever IPv4 would say", async () => {
    const onIpv4 = await startEchoServer(answerWith("1.2.3.4"));
    const onIpv6 = await startEchoServer(answerWith("2600::1"), "::1");
    const byName = (url: string) => url.replace(/127\.0\.0\.1|\[::1\]/, "localhost");
    assert.match(await askUrl(byName(onIpv4.url), { family: "ipv6" }), /^connect ECONNREFUSED ::1:\d+$/);
    assert.is(await askUrl(byName(onIpv6.url), { family: "ipv6" }), "2600::1");
    await Promise.all([onIpv4.close(), onIpv6.close()]);
  });
  test("does not ask a service by the other family that its URL names", async () => {
    assert.is(await askUrl("http://[::1]:1/", {}), "the URL names an ipv6 address");
    assert.is(await askUrl("http://127.0.0.1:1/", { family: "ipv6" }), "the URL names an ipv4 address");
  });
  test("asks by IPv4 where IPv4 is wanted", async () => {
    const server = await startEchoServer(answerWith("1.2.3.4"));
    assert.is(await askUrl(server.url.replace("127.0.0.1", "localhost"), {}), "1.2.3.4");
    await server.close();
  });
});
