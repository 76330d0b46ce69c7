import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../scripts/describe.ts";
import { createDeviceDirectory } from "../scripts/local/device-directory.ts";
import { answerError, startStreamStandIn } from "../scripts/local/stream-stand-in.ts";

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
