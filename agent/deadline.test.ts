import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert, describe } from "../scripts/describe.ts";
import { createDeviceDirectory } from "../scripts/fixtures/device-directory.ts";
import { answerError, startStreamStandIn } from "../scripts/fixtures/stream-stand-in.ts";
import { startEchoServer } from "../scripts/local/echo-server.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const GIVEN = ["--ip", "1.2.3.4"];

describe("the deadline", (test) => {
  for (const seconds of ["1", "5", "14"]) {
    test(`of ${seconds} s is enough for a stream that works`, async () => {
      const stream = await startStreamStandIn();
      const { exitCode, stderr } = await createDeviceDirectory(stream.url).run([
        ...GIVEN,
        "--deadline",
        seconds,
      ]);
      await stream.close();
      assert.is(stderr, "");
      assert.is(exitCode, 0);
    });
  }

  test("is used to its end: a throttle that ends 3 s before it ends published", async () => {
    const beganMs = performance.now();
    const stream = await startStreamStandIn((response) => {
      const isOver = performance.now() - beganMs > 5_000;
      return isOver ? false : answerError(response, "ProvisionedThroughputExceededException");
    });
    const { exitCode, stderr } = await createDeviceDirectory(stream.url).run([...GIVEN, "--deadline", "8"]);
    await stream.close();
    assert.is(stderr, "");
    assert.is(exitCode, 0);
    assert.ok(stream.requests.length > 1);
  });

  test("ends the question to an echo service that hangs", async () => {
    const echo = await startEchoServer(() => {});
    const toml = `families = ["ipv4"]\ncheck_urls = ["${echo.url}"]\n[ipv4]\nsources = ["check"]`;
    const beganMs = performance.now();
    const { exitCode } = await createDeviceDirectory(echo.url, toml).run(["--deadline", "1"]);
    const tookMs = performance.now() - beganMs;
    await echo.close();
    assert.is(exitCode, 69);
    assert.ok(tookMs < 6_000, `${tookMs}`);
  });

  test("ends a program that is to tell the credentials and hangs", async () => {
    const stream = await startStreamStandIn();
    const home = mkdtempSync(join(tmpdir(), "home-"));
    mkdirSync(join(home, ".aws"));
    writeFileSync(join(home, ".aws/config"), "[default]\ncredential_process = sleep 9\n");
    const toml = `state_directory = "${home}"\nregion = "eu-west-1"\ndomains = ["home.example.com"]\n`;
    const config = join(home, "config.toml");
    writeFileSync(config, toml, { mode: 0o600 });
    const agent = spawn(process.execPath, [MAIN, ...GIVEN, "--deadline", "1", "--config", config], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: process.env.PATH, AWS_ENDPOINT_URL_KINESIS: stream.url, HOME: home },
    });
    const [told] = await once(agent.stderr, "data", { signal: AbortSignal.timeout(10_000) });
    agent.kill("SIGKILL");
    await stream.close();
    rmSync(home, { recursive: true });
    assert.match(String(told), /1\.2\.3\.4 .*timeout/);
  });
});
