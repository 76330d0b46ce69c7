import { assert, describe } from "../scripts/describe.ts";
import { createDeviceDirectory, type RunningAgent } from "../scripts/fixtures/device-directory.ts";
import { answerError, type StreamStandIn, startStreamStandIn } from "../scripts/fixtures/stream-stand-in.ts";

const HANDED = /^handed to the update-route53 that is at work, process \d+\n$/;
const POLL_MS = 10;

/** Waits for what happens outside, no longer than a minute. */
async function until(isSo: () => boolean): Promise<void> {
  for (let polls = 0; !isSo(); polls += 1) {
    if (polls > 60_000 / POLL_MS) throw new Error("it did not happen");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const ipsOf = (puts: readonly { readonly ip: string }[]) => puts.map(({ ip }) => ip);

/** A stream that holds back every answer until the gate opens. */
async function startGatedStream(fails = false) {
  const gate = Promise.withResolvers<void>();
  const stream = await startStreamStandIn(async (response, _put, count) => {
    await gate.promise;
    return fails && count === 1 ? answerError(response, "ProvisionedThroughputExceededException") : false;
  });
  return { stream, open: gate.resolve };
}

describe("two at once", (test) => {
  const ip = (address: string) => ["--ip", address];

  for (const fails of [false, true]) {
    test(`end with the later one published last${fails ? ", although the earlier one failed" : ""}`, async () => {
      const { stream, open } = await startGatedStream(fails);
      const device = createDeviceDirectory(stream.url);
      const first = device.start(ip("1.1.1.1"));
      await until(() => stream.requests.length === 1);
      const second = await device.run(ip("8.8.8.8"));
      assert.is(second.exitCode, 0);
      assert.is(second.stdout, "");
      assert.match(second.stderr, HANDED);
      open();
      const { exitCode, stdout, stderr } = await first.ended;
      assert.is(stderr, "");
      assert.is(exitCode, 0);
      assert.match(stdout, /A 8\.8\.8\.8 accepted[^\n]*\n$/);
      assert.equal(ipsOf(stream.accepted), fails ? ["8.8.8.8"] : ["1.1.1.1", "8.8.8.8"]);
      assert.is(device.readState().published["home.example.com. ipv4"].ip, "8.8.8.8");
      await stream.close();
    });
  }

  test("are done both where they are about different names", async () => {
    const { stream, open } = await startGatedStream(true);
    const device = createDeviceDirectory(stream.url);
    const first = device.start([...ip("1.1.1.1"), "--domain", "a.example.com"]);
    await until(() => stream.requests.length === 1);
    await device.run([...ip("8.8.8.8"), "--domain", "b.example.com"]);
    open();
    assert.is((await first.ended).exitCode, 0);
    assert.equal(stream.accepted.map((put) => `${put.domain} ${put.ip}`).sort(), [
      "a.example.com 1.1.1.1",
      "b.example.com 8.8.8.8",
    ]);
    await stream.close();
  });

  test("tell what keeps the later one from being done, which cannot tell it itself", async () => {
    const { stream, open } = await startGatedStream();
    const device = createDeviceDirectory(stream.url);
    const first = device.start([...ip("1.1.1.1"), "--domain", "a.example.com"]);
    await until(() => stream.requests.length === 1);
    const environment = {
      UPDATE_ROUTE53_DEVICE_NAME: "attic",
      UPDATE_ROUTE53_DEVICE_PRIVATE_KEY_FILE: "/nowhere/key",
    };
    const second = await device.run([...ip("8.8.8.8"), "--domain", "b.example.com"], { environment });
    assert.match(second.stderr, HANDED);
    open();
    const { exitCode, stdout, stderr } = await first.ended;
    assert.is(exitCode, 0);
    assert.match(stdout, /^a\.example\.com A 1\.1\.1\.1 accepted[^\n]*\n$/);
    assert.match(stderr, /^error: \/nowhere\/key: [^\n]*\n$/);
    await stream.close();
  });

  test("do not leave an address that was handed over where a later one is as before", async () => {
    const { stream, open } = await startGatedStream();
    const device = createDeviceDirectory(stream.url);
    open();
    await device.run(ip("1.1.1.1"));
    await stream.close();
    const gated = await startGatedStream();
    const environment = { AWS_ENDPOINT_URL_KINESIS: gated.stream.url };
    const holder = device.start([...ip("9.9.9.9"), "--domain", "other.example.com"], { environment });
    await until(() => gated.stream.requests.length === 1);
    assert.match((await device.run(ip("8.8.8.8"), { environment })).stderr, HANDED);
    assert.match((await device.run(ip("1.1.1.1"), { environment })).stderr, HANDED);
    gated.open();
    assert.is((await holder.ended).exitCode, 0);
    assert.is(device.readState().published["home.example.com. ipv4"].ip, "1.1.1.1");
    await gated.stream.close();
  });

  test("use each their own environment", async () => {
    const { stream, open } = await startGatedStream();
    const device = createDeviceDirectory(stream.url);
    const first = device.start(ip("1.1.1.1"));
    await until(() => stream.requests.length === 1);
    await device.run(ip("8.8.8.8"), {
      environment: { UPDATE_ROUTE53_STREAM: "of-the-second" },
    });
    open();
    await first.ended;
    assert.equal(
      stream.accepted.map((put) => `${put.stream} ${put.ip}`),
      ["update-route53 1.1.1.1", "of-the-second 8.8.8.8"],
    );
    await stream.close();
  });

  test("of ten, all end well, and the last one is published last", async () => {
    const { stream, open } = await startGatedStream();
    const device = createDeviceDirectory(stream.url);
    const first = device.start(ip("1.1.1.1"));
    await until(() => stream.requests.length === 1);
    const more: RunningAgent[] = [];
    for (let index = 2; index <= 9; index += 1) more.push(device.start(ip(`1.1.1.${index}`)));
    const results = await Promise.all(more.map(({ ended }) => ended));
    const last = await device.run(ip("8.8.8.8"));
    open();
    assert.is((await first.ended).exitCode, 0);
    for (const { exitCode, stderr } of [...results, last]) {
      assert.is(exitCode, 0);
      assert.match(stderr, HANDED);
    }
    assert.is(ipsOf(stream.accepted).at(-1), "8.8.8.8");
    // What was overtaken is not published at all.
    assert.equal(ipsOf(stream.accepted), ["1.1.1.1", "8.8.8.8"]);
    await stream.close();
  });

  test("do not wait for one that was killed: the second does the work itself", async () => {
    const { stream, open } = await startGatedStream();
    const device = createDeviceDirectory(stream.url);
    const first = device.start(ip("1.1.1.1"));
    await until(() => stream.requests.length === 1);
    // It holds the lock, and does not answer.
    first.child.kill("SIGSTOP");
    const second = device.start(ip("8.8.8.8"));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    first.child.kill("SIGKILL");
    open();
    const { exitCode, stdout } = await second.ended;
    assert.is(exitCode, 0);
    assert.match(stdout, /A 8\.8\.8\.8 accepted/);
    assert.is(ipsOf(stream.accepted).at(-1), "8.8.8.8");
    await stream.close();
  });

  test("go on without a process that hangs", async () => {
    const { stream, open } = await startGatedStream();
    const device = createDeviceDirectory(stream.url);
    const first = device.start(ip("1.1.1.1"));
    await until(() => stream.requests.length === 1);
    first.child.kill("SIGSTOP");
    open();
    const { exitCode, stdout, stderr } = await device.run(ip("8.8.8.8"));
    first.child.kill("SIGKILL");
    assert.is(exitCode, 0);
    assert.match(stdout, /A 8\.8\.8\.8 accepted/);
    const said = "whoever holds the lock of this directory does not answer, going on without it";
    assert.is(stderr, `warning: ${device.stateDirectory}: ${said}\n`);
    await stream.close();
  });
});

describe("a stream that throttles", (test) => {
  let stream: StreamStandIn;
  test.after(() => stream.close());

  test("for 20 seconds is given the newest address once, and never an older one", async () => {
    let worksAt = Number.POSITIVE_INFINITY;
    stream = await startStreamStandIn((response) =>
      performance.now() < worksAt ? answerError(response, "ProvisionedThroughputExceededException") : false,
    );
    const device = createDeviceDirectory(stream.url);
    const alone = createDeviceDirectory(stream.url);
    const begin = performance.now();
    worksAt = begin + 20_000;
    const patient = alone.start(["--ip", "9.9.9.9", "--domain", "alone.example.com"]);
    const first = device.start(["--ip", "1.1.1.1"]);
    await until(() => stream.requests.some((put) => put.ip === "1.1.1.1"));
    const second = await device.run(["--ip", "8.8.8.8"]);
    assert.match(second.stderr, HANDED);
    const results = await Promise.all([first.ended, patient.ended]);
    for (const { exitCode, stderr } of results) {
      assert.is(stderr, "");
      assert.is(exitCode, 0);
    }
    assert.ok(performance.now() - begin >= 20_000);
    assert.equal(ipsOf(stream.accepted).sort(), ["8.8.8.8", "9.9.9.9"]);
    // Full jitter, not a hammer.
    assert.ok(stream.requests.length < 60, String(stream.requests.length));
  });
});
