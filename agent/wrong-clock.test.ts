import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { assert, describe } from "../scripts/describe.ts";
import { createDeviceDirectory } from "../scripts/fixtures/device-directory.ts";
import { answerError, type Put, startStreamStandIn } from "../scripts/fixtures/stream-stand-in.ts";

const YEAR_MS = 365 * 86_400_000;
const LIBRARY = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"]
  .map((folder) => `${folder}/faketime/libfaketime.so.1`)
  .find(existsSync);

const signedAtMs = (amzDate: unknown) =>
  Date.parse(String(amzDate).replace(/(....)(..)(..T..)(..)(..Z)/, "$1-$2-$3:$4:$5"));

describe("a wrong clock", (test) => {
  for (const name of ["InvalidSignatureException", "RequestTimeTooSkewed", "SignatureDoesNotMatch"]) {
    test(`is corrected by the service's own when it answers ${name}`, async () => {
      const ahead = 3 * YEAR_MS;
      const stream = await startStreamStandIn((response, { headers }) => {
        const serverMs = Date.now() + ahead;
        if (Math.abs(signedAtMs(headers["x-amz-date"]) - serverMs) < 60_000) return false;
        return answerError(response, name, { date: new Date(serverMs).toUTCString() });
      });
      const result = await createDeviceDirectory(stream.url).run(["--ip", "1.2.3.4"]);
      await stream.close();
      assert.is(result.stderr, "");
      assert.is(result.exitCode, 0);
      assert.is(stream.requests.length, 2);
    });
  }

  const HOUR_MS = 3_600_000;
  const { privateKey } = generateKeyPairSync("ed25519");
  const keyFile = join(mkdtempSync(join(tmpdir(), "key-")), "key.pem");
  writeFileSync(keyFile, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  process.on("exit", () => rmSync(dirname(keyFile), { recursive: true }));
  const withKey = `[device]\nname = "attic"\nprivate_key_file = "${keyFile}"`;
  const issuedLate = ({ issued_at: issuedAt }: Put, serverMs: number) =>
    Math.abs(Date.parse(String(issuedAt)) - serverMs);

  test("is corrected in the update that a device signs, too", async () => {
    const stream = await startStreamStandIn((response, { headers }) => {
      const serverMs = Date.now() + HOUR_MS;
      if (Math.abs(signedAtMs(headers["x-amz-date"]) - serverMs) < 60_000) return false;
      return answerError(response, "InvalidSignatureException", { date: new Date(serverMs).toUTCString() });
    });
    const { exitCode } = await createDeviceDirectory(stream.url, withKey).run(["--ip", "1.2.3.4"]);
    await stream.close();
    assert.is(exitCode, 0);
    assert.is(stream.requests.length, 2);
    for (const put of stream.accepted) assert.ok(issuedLate(put, Date.now() + HOUR_MS) < 60_000);
  });

  for (const [skewMs, isSigned, count] of [
    [200_000, true, 2],
    [-200_000, true, 2],
    [100_000, true, 1],
    [200_000, false, 1],
  ] as const) {
    const name = `${skewMs / 1000} s off, which AWS accepts, costs ${isSigned ? "a signed" : "an unsigned"} update ${count}`;
    test(name, async () => {
      const stream = await startStreamStandIn((response) => {
        response.setHeader("date", new Date(Date.now() + skewMs).toUTCString());
        return false;
      });
      const toml = isSigned ? withKey : "";
      const { exitCode, stdout } = await createDeviceDirectory(stream.url, toml).run(["--ip", "1.2.3.4"]);
      await stream.close();
      assert.is(exitCode, 0);
      assert.match(stdout, /^[^\n]*A 1\.2\.3\.4 accepted[^\n]*\n$/);
      assert.is(stream.accepted.length, count);
      const [last] = stream.accepted.slice(-1);
      if (last && count === 2) assert.ok(issuedLate(last, Date.now() + skewMs) < 60_000);
    });
  }

  test("does not excuse credentials that are refused after the correction", async () => {
    const date = new Date(Date.now() + YEAR_MS).toUTCString();
    const stream = await startStreamStandIn((response) =>
      answerError(response, "AccessDeniedException", { date }),
    );
    const { exitCode } = await createDeviceDirectory(stream.url).run(["--ip", "1.2.3.4"]);
    await stream.close();
    assert.is(exitCode, 77);
    assert.is(stream.requests.length, 2);
  });

  const missing = LIBRARY ? undefined : "libfaketime is not installed";
  test.unless(missing, "of 1970 is waited for, and what is sent is signed with the right time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "clock-"));
    const file = join(folder, "time");
    writeFileSync(file, "1970-01-01 00:01:00\n");
    const stream = await startStreamStandIn();
    const device = createDeviceDirectory(stream.url);
    const agent = device.start(["--ip", "1.2.3.4", "--verbose"], {
      environment: {
        LD_PRELOAD: LIBRARY,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: "1",
        DONT_FAKE_MONOTONIC: "1",
        TZ: "UTC",
      },
    });
    // Time enough to publish, if it did not wait.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.is(stream.requests.length, 0);
    writeFileSync(file, "2031-05-06 07:08:09\n");
    const { exitCode, stdout } = await agent.ended;
    await stream.close();
    rmSync(folder, { recursive: true });
    assert.is(exitCode, 0);
    assert.match(stdout, /A 1\.2\.3\.4 accepted/);
    assert.match(String(stream.accepted[0]?.headers["x-amz-date"]), /^20310506T07/);
    const { publishedAtMs } = device.readState().published["home.example.com. ipv4"];
    assert.is(new Date(publishedAtMs).getUTCFullYear(), 2031);
  });
});
