import { execFileSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe } from "../scripts/describe.ts";
import { createDeviceDirectory } from "../scripts/fixtures/device-directory.ts";
import { type StreamStandIn, startStreamStandIn } from "../scripts/fixtures/stream-stand-in.ts";
import { startEchoServer } from "../scripts/local/echo-server.ts";

const GIVEN = ["--ip", "1.2.3.4"];
const isRoot = process.getuid?.() === 0;
const HOUR = 3_600_000;

const identity = (path: string) => {
  const { ino, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [ino, mtimeNs, ctimeNs].join(" ");
};

describe("an unchanged address", (test) => {
  let stream: StreamStandIn;
  test.before(async () => {
    stream = await startStreamStandIn();
  });
  test.after(() => stream.close());

  test("costs no word, no request, no write and no AWS SDK", async () => {
    const device = createDeviceDirectory(stream.url);
    const environment = { NODE_DEBUG: "esm" };
    const first = await device.run(GIVEN, { environment });
    assert.is(first.exitCode, 0);
    assert.match(first.stderr, /client-kinesis/);
    const before = identity(device.statePath);
    const count = stream.requests.length;
    const quiet = await device.run(GIVEN);
    assert.equal(quiet, { exitCode: 0, stdout: "", stderr: "" });
    const told = await device.run(GIVEN, { environment });
    // What it loads is told, and neither the SDK nor an HTTP client is among it.
    assert.match(told.stderr, /agent\/quick-look\.ts/);
    assert.is(/file:\S*(?:@aws-sdk|@smithy|undici|http-echo\.ts)/.exec(told.stderr)?.[0], undefined);
    assert.is(stream.requests.length, count);
    assert.is(identity(device.statePath), before);
    assert.equal(readdirSync(device.stateDirectory).sort(), ["instance.key", "state.json"]);
  });

  test("costs no more where another name is pending, which may not be configured any more", async () => {
    const device = createDeviceDirectory(stream.url);
    await device.run(GIVEN);
    const pending = { ip: "1.2.3.4", sinceMs: Date.now() };
    device.changeState((state) => {
      state.pending["former.example.com. ipv4"] = pending;
    });
    const told = await device.run(GIVEN, { environment: { NODE_DEBUG: "esm" } });
    assert.is(told.exitCode, 0);
    assert.match(told.stderr, /agent\/quick-look\.ts/);
    assert.not.match(told.stderr, /file:\S*agent\/cycle\.ts/);
  });

  test("that echo services tell costs them one request, and the stream none", async () => {
    let asked = 0;
    const echo = await startEchoServer((_, response) => {
      asked += 1;
      response.end("1.2.3.4");
    });
    const device = createDeviceDirectory(
      stream.url,
      `check_urls = ["${echo.url}"]\n[ipv4]\nsources = ["check"]`,
    );
    const count = stream.requests.length;
    assert.match((await device.run([])).stdout, /A 1\.2\.3\.4 accepted/);
    assert.equal(await device.run([]), { exitCode: 0, stdout: "", stderr: "" });
    assert.is(asked, 2);
    assert.is(stream.requests.length, count + 1);
    await echo.close();
  });

  test("is published again after refresh_hours", async () => {
    const device = createDeviceDirectory(stream.url, "refresh_hours = 2");
    await device.run(GIVEN);
    const [entry] = Object.values<{ publishedAtMs: number; refreshAtMs: number }>(
      device.readState().published,
    );
    const waitMs = (entry?.refreshAtMs ?? 0) - (entry?.publishedAtMs ?? 0);
    assert.ok(waitMs <= 2 * HOUR && waitMs >= 1.8 * HOUR, String(waitMs));
    device.changeState(({ published }) => {
      published["home.example.com. ipv4"].publishedAtMs -= 2 * HOUR;
      published["home.example.com. ipv4"].refreshAtMs -= 2 * HOUR;
    });
    assert.match((await device.run(GIVEN)).stdout, /A 1\.2\.3\.4 accepted/);
    assert.is((await device.run(GIVEN)).stdout, "");
  });

  test("is published again, once, when forced", async () => {
    const device = createDeviceDirectory(stream.url);
    await device.run(GIVEN);
    const count = stream.requests.length;
    assert.match((await device.run([...GIVEN, "--force"])).stdout, /^[^\n]*A 1\.2\.3\.4 accepted[^\n]*\n$/);
    assert.is(stream.requests.length, count + 1);
  });

  test("is published for a stream that it was not published for", async () => {
    const device = createDeviceDirectory(stream.url);
    await device.run(GIVEN);
    assert.match((await device.run([...GIVEN, "--stream", "another"])).stdout, /accepted/);
  });
});

describe("a state that cannot be used", (test) => {
  let stream: StreamStandIn;
  test.before(async () => {
    stream = await startStreamStandIn();
  });
  test.after(() => stream.close());

  const cases: [string, string, string][] = [
    ["garbage", "\0\0\0\0", "it is not JSON"],
    ["half a file", '{"version":1,"desti', "it is not JSON"],
    ["an empty file", "", "it is not JSON"],
    ["an older version", '{"version":0}', "it is of another version"],
  ];
  for (const [name, text, problem] of cases) {
    test(`is told in one line, and published over: ${name}`, async () => {
      const device = createDeviceDirectory(stream.url);
      writeFileSync(device.statePath, text);
      const { exitCode, stdout, stderr } = await device.run(GIVEN);
      assert.is(exitCode, 0);
      assert.match(stdout, /A 1\.2\.3\.4 accepted/);
      const told = `warning: ${device.stateDirectory}: what was published before is not known, ${problem}\n`;
      assert.is(stderr, told);
      assert.equal(await device.run(GIVEN), { exitCode: 0, stdout: "", stderr: "" });
    });
  }

  const noRoot = isRoot ? undefined : "only root can mount a file system";
  const mounted = async (device: { readonly stateDirectory: string }, run: () => Promise<void>) => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", device.stateDirectory]);
    await run().finally(() => execFileSync("umount", [device.stateDirectory]));
  };
  const expected = (directory: string, problem: string) =>
    `warning: ${directory}: expected to remember what was published, but ${problem}\n`;

  test.unless(noRoot, "does not keep a full disk from publishing, once", async () => {
    const device = createDeviceDirectory(stream.url);
    await mounted(device, async () => {
      try {
        for (let index = 0; ; index += 1)
          writeFileSync(join(device.stateDirectory, `${index}`), "x".repeat(4096));
      } catch {
        // Full.
      }
      const count = stream.requests.length;
      const { exitCode, stderr } = await device.run(GIVEN);
      assert.is(exitCode, 0);
      assert.is(stderr, expected(device.stateDirectory, "the disk is full"));
      assert.is(stream.requests.length, count + 1);
    });
  });

  test.unless(noRoot, "does not keep a read-only disk from publishing, once", async () => {
    const device = createDeviceDirectory(stream.url);
    await mounted(device, async () => {
      execFileSync("mount", ["-o", "remount,ro", device.stateDirectory]);
      const count = stream.requests.length;
      const { exitCode, stderr } = await device.run(GIVEN);
      assert.is(exitCode, 0);
      assert.is(stderr, expected(device.stateDirectory, "the file system is read-only"));
      assert.is(stream.requests.length, count + 1);
    });
  });
});
