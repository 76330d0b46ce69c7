// Runs itself again in a network of its own, where interfaces may have any address and route.
import { execFileSync } from "node:child_process";
import { createDeviceDirectory } from "../scripts/fixtures/device-directory.ts";
import { hasRunInOwnNetwork, whyNoNetwork } from "../scripts/fixtures/own-network.ts";
import { startStreamStandIn } from "../scripts/fixtures/stream-stand-in.ts";
import { startEchoServer } from "../scripts/local/echo-server.ts";

const SETUP = `ip link set lo up
for name in wan lan; do
  ip link add $name type veth peer name far-$name && ip link set $name up && ip link set far-$name up
done`;

if (!hasRunInOwnNetwork(SETUP, import.meta.filename)) {
  const { assert, describe } = await import("../scripts/describe.ts");
  const ip = (...words: string[]) => void execFileSync("ip", words);

  /** Runs the agent on a device where an echo service answers 9.9.9.9; what reached the stream, beside the rest. */
  async function notify(words: readonly string[], toml = "") {
    const stream = await startStreamStandIn();
    const echo = await startEchoServer((_, response) => void response.end("9.9.9.9"));
    const device = createDeviceDirectory(stream.url, `check_urls = ["${echo.url}"]\n${toml}`);
    const result = await device.run(["notify", ...words]);
    await Promise.all([stream.close(), echo.close()]);
    return { ...result, published: stream.accepted.map((put) => put.ip) };
  }

  describe("a hook", (test) => {
    test.before(() => {
      if (whyNoNetwork) return;
      ip("addr", "add", "1.2.3.4/32", "dev", "wan");
      ip("addr", "add", "8.8.8.8/32", "dev", "lan");
      ip("route", "add", "default", "dev", "wan");
    });

    test.unless(
      whyNoNetwork,
      "of another interface than the configured one does nothing at all",
      async () => {
        const { exitCode, stdout, stderr, published } = await notify(
          ["lan", "8.8.8.8", "--force", "--verbose"],
          'interface = "wan"',
        );
        assert.equal({ exitCode, stdout, published }, { exitCode: 0, stdout: "", published: [] });
        assert.match(stderr, /^debug: lan: not the configured interface, which is wan$/m);
      },
    );

    test.unless(
      whyNoNetwork,
      "of the configured interface counts, whoever has the default route",
      async () => {
        const { exitCode, published } = await notify(["lan"], 'interface = "lan"');
        assert.equal({ exitCode, published }, { exitCode: 0, published: ["8.8.8.8"] });
      },
    );

    test.unless(
      whyNoNetwork,
      "without a configured one only wakes where another has the default route",
      async () => {
        assert.equal((await notify(["lan", "8.8.8.8"])).published, ["1.2.3.4"]);
        assert.equal((await notify(["wan"])).published, ["1.2.3.4"]);
      },
    );

    test.unless(whyNoNetwork, "says why it was not asked", async () => {
      const toml = '[ipv4]\nsources = ["hook"]\n';
      const { exitCode, stderr, published } = await notify(["lan", "--deadline", "1"], toml);
      assert.is(exitCode, 69);
      assert.match(stderr, /hook of lan: the ipv4 default route is that of wan/);
      assert.equal(published, []);
    });
  });
}
