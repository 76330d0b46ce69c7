import { statSync } from "node:fs";
import { assert, describe } from "../scripts/describe.ts";
import { createDeviceDirectory } from "../scripts/fixtures/device-directory.ts";
import { answerError, type StreamStandIn, startStreamStandIn } from "../scripts/fixtures/stream-stand-in.ts";
import { startEchoServer } from "../scripts/local/echo-server.ts";

const NOBODY =
  'families = ["ipv4", "ipv6"]\ncheck_urls = ["http://127.0.0.1:1"]\n[ipv4]\nsources = ["check"]\n[ipv6]\nsources = ["check"]';
const ipsOf = (puts: readonly { readonly ip: string }[]) => puts.map(({ ip }) => ip);
const given = (...ips: string[]) => ips.flatMap((ip) => ["--ip", ip]);
const SHORT = ["--deadline", "1"];
const V4 = "home.example.com. ipv4";

describe("what could not be published", (test) => {
  let stream: StreamStandIn;
  let answers: "yes" | "down" | "lost" | "refused" = "yes";
  test.before(async () => {
    stream = await startStreamStandIn((response, put) => {
      if (answers === "refused") return answerError(response, "AccessDeniedException");
      // The answer is lost, although the stream has the record.
      if (answers === "lost") stream.accepted.push(put);
      if (answers !== "yes") response.destroy();
      return answers !== "yes";
    });
  });
  test.after(() => stream.close());
  const since = () => {
    const count = stream.accepted.length;
    return () => ipsOf(stream.accepted.slice(count));
  };

  test("is remembered, and goes first the next time, although nobody knows the address then", async () => {
    const device = createDeviceDirectory(stream.url, NOBODY);
    answers = "down";
    const { exitCode, stderr } = await device.run([...given("1.2.3.4"), ...SHORT]);
    assert.is(exitCode, 75);
    assert.match(
      stderr,
      /^error: home\.example\.com A 1\.2\.3\.4 could not be confirmed as published: the stream cannot be reached[^\n]*\n$/,
    );
    assert.is(device.readState().pending[V4].ip, "1.2.3.4");
    answers = "yes";
    const accepted = since();
    const next = await device.run(SHORT);
    assert.is(next.exitCode, 69);
    assert.match(next.stdout, /^home\.example\.com A 1\.2\.3\.4 accepted[^\n]*\n$/);
    assert.match(next.stderr, /^error: home\.example\.com AAAA left as it is[^\n]*\n$/);
    assert.equal(accepted(), ["1.2.3.4"]);
    assert.equal(device.readState().pending, {});
  });

  test("and was detected, is not published when nobody knows it any more", async () => {
    const echo = await startEchoServer((_, response) => response.end("1.2.3.4"));
    const toml = `families = ["ipv4"]\ncheck_urls = ["${echo.url}"]\n[ipv4]\nsources = ["check"]`;
    const device = createDeviceDirectory(stream.url, toml);
    answers = "down";
    assert.is((await device.run(SHORT)).exitCode, 75);
    await echo.close();
    answers = "yes";
    const accepted = since();
    assert.is((await device.run(SHORT)).exitCode, 69);
    assert.equal(accepted(), []);
    assert.is(device.readState().pending[V4].ip, "1.2.3.4");
  });

  test("again is not written again", async () => {
    const device = createDeviceDirectory(stream.url, NOBODY);
    answers = "down";
    await device.run([...given("1.2.3.4"), ...SHORT]);
    const { ino } = statSync(device.statePath);
    await device.run([...given("1.2.3.4"), ...SHORT]);
    assert.is(statSync(device.statePath).ino, ino);
  });

  test("of another family is published with what is asked for", async () => {
    const device = createDeviceDirectory(stream.url);
    answers = "down";
    await device.run([...given("2600::1"), ...SHORT]);
    answers = "yes";
    const accepted = since();
    assert.is((await device.run(given("1.2.3.4"))).exitCode, 0);
    assert.equal(accepted().sort(), ["1.2.3.4", "2600::1"]);
  });

  test("is the latest only", async () => {
    const device = createDeviceDirectory(stream.url, NOBODY);
    answers = "down";
    await device.run([...given("1.2.3.4"), ...SHORT]);
    await device.run([...given("8.8.8.8"), ...SHORT]);
    answers = "yes";
    const accepted = since();
    await device.run(SHORT);
    assert.equal(accepted(), ["8.8.8.8"]);
  });

  test("may have arrived: an address that is changed back is published again", async () => {
    const device = createDeviceDirectory(stream.url);
    answers = "yes";
    const accepted = since();
    await device.run(given("1.2.3.4"));
    answers = "lost";
    assert.is((await device.run([...given("8.8.8.8"), ...SHORT])).exitCode, 75);
    assert.is(accepted().at(-1), "8.8.8.8");
    answers = "yes";
    assert.is((await device.run(given("1.2.3.4"))).exitCode, 0);
    assert.is(accepted().at(-1), "1.2.3.4");
  });

  test("may have arrived from a process that was killed before the answer", async () => {
    const device = createDeviceDirectory(stream.url);
    answers = "yes";
    await device.run(given("1.2.3.4"));
    const hanging = await startStreamStandIn(() => true);
    const agent = device.start(given("8.8.8.8"), { environment: { AWS_ENDPOINT_URL_KINESIS: hanging.url } });
    while (hanging.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    agent.child.kill("SIGKILL");
    await agent.ended;
    await hanging.close();
    const accepted = since();
    await device.run(given("1.2.3.4"));
    assert.equal(accepted(), ["1.2.3.4"]);
  });

  test("is not tried again where AWS refuses the credentials", async () => {
    const device = createDeviceDirectory(stream.url, NOBODY);
    answers = "refused";
    const count = stream.requests.length;
    assert.is((await device.run(given("1.2.3.4"))).exitCode, 77);
    assert.is(stream.requests.length, count + 1);
    assert.is(device.readState(), undefined);
    answers = "yes";
    const accepted = since();
    assert.is((await device.run(SHORT)).exitCode, 69);
    assert.equal(accepted(), []);
  });
});
