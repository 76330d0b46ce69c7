// The binaries of both machines in a bare Debian and in a root of musl, doing what a device does.
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert, describe } from "../describe.ts";
import { startEchoServer } from "../local/echo-server.ts";
import { startStreamStandIn } from "../local/stream-stand-in.ts";
import { createDeviceRoot, type DeviceRoot, type Kind, kinds, whyNoDeviceRoot } from "./device-roots.ts";
import { binaryInRoot } from "./root.ts";
import { type Target, targets } from "./targets.ts";

const ADDRESS = "8.8.8.8";
const closedPort = { AWS_ENDPOINT_URL_KINESIS: "http://127.0.0.1:1" };
const key = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };

function defineTests(target: Target, kind: Kind): void {
  describe(`the ${target.arch} binary in a root of ${kind}`, (test) => {
    const why = whyNoDeviceRoot(target, kind);
    let root: DeviceRoot;
    let stream: Awaited<ReturnType<typeof startStreamStandIn>>;
    let echo: Awaited<ReturnType<typeof startEchoServer>>;
    test.before(async () => {
      stream = await startStreamStandIn();
      echo = await startEchoServer((_, response) => void response.end(ADDRESS));
      if (why === undefined) root = createDeviceRoot(target, kind);
    });
    test.after(async () => {
      await stream.close();
      await echo.close();
      if (why === undefined) rmSync(dirname(root.path), { recursive: true });
    });
    const agent = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
      root.run([binaryInRoot, ...args], environment);

    test.unless(why, "tells its version", async () => {
      const { exitCode, stdout, stderr } = await agent(["--version"]);
      assert.is(stderr, "");
      assert.match(stdout, /^\d+\.\d+\.\d+ \(commit [0-9a-f]{12}(?:\+changes)? of \d{4}-\d\d-\d\d\)\n$/);
      assert.is(exitCode, 0);
    });

    test.unless(why, "publishes the address that it learns, once", async () => {
      const command = ["update", "--check-url", echo.url, "--domain", "home.example.com"];
      const environment = { ...key, AWS_ENDPOINT_URL_KINESIS: stream.url };
      const { exitCode, stdout, stderr } = await agent(command, environment);
      assert.is(stderr, "");
      assert.match(stdout, /^home\.example\.com A 8\.8\.8\.8 accepted by the stream, .*\n$/);
      assert.is(exitCode, 0);
      const told = stream.accepted.map(({ domain, ip, stream: name }) => ({ domain, ip, name }));
      assert.equal(told, [{ domain: "home.example.com", ip: ADDRESS, name: "update-route53" }]);
      assert.equal(await agent(command, environment), { exitCode: 0, stdout: "", stderr: "" });
      assert.is(stream.requests.length, 1);
    });

    test.unless(why, "shows what each source says of the address", async () => {
      const { exitCode, stdout, stderr } = await agent(["ip", "--check-url", echo.url]);
      assert.is(stderr, "");
      assert.match(stdout, /^ipv4 {2}check +127\.0\.0\.1:\d+ +8\.8\.8\.8$/m);
      assert.match(stdout, /\nipv4: 8\.8\.8\.8\n$/);
      assert.is(exitCode, 0);
    });

    test.unless(why, "looks at the device and finds the stream out of reach", async () => {
      const command = ["doctor", "--check-url", echo.url, "--domain", "home.example.com"];
      const { exitCode, stdout } = await agent(command, { ...key, ...closedPort });
      assert.match(stdout, /^ok +state directory: /m);
      assert.match(stdout, /^problem +endpoint: http:\/\/127\.0\.0\.1:1: /m);
      assert.match(stdout, /^ok +detection ipv4: 8\.8\.8\.8 is the address/m);
      assert.is(exitCode, 75);
    });

    test.unless(why, "tells what it would install, and installs nothing", async () => {
      const listFiles = () =>
        ["etc", "usr"].flatMap((name) =>
          readdirSync(join(root.path, name), { recursive: true, encoding: "utf8" }),
        );
      const before = listFiles();
      const { exitCode, stdout } = await agent(["install", "--dry-run"]);
      assert.match(stdout, /^would install +\/usr\/lib\/update-route53\/notify /m);
      assert.is(exitCode, 0);
      assert.is(listFiles().join("\n"), before.join("\n"));
    });
  });
}

for (const target of targets) for (const kind of kinds) defineTests(target, kind);
