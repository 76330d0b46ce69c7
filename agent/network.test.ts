// Runs itself again in a network of its own, where interfaces may have any address.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createDeviceDirectory } from "../scripts/fixtures/device-directory.ts";
import { hasRunInOwnNetwork, whyNoNetwork } from "../scripts/fixtures/own-network.ts";
import { startStreamStandIn } from "../scripts/fixtures/stream-stand-in.ts";
import { startEchoServer } from "../scripts/local/echo-server.ts";

const SETUP =
  "ip link set lo up && ip link add wan type veth peer name far && ip link set wan up && ip link set far up";

if (!hasRunInOwnNetwork(SETUP, import.meta.filename)) {
  const { assert, describe } = await import("../scripts/describe.ts");
  const ip = (...words: string[]) => void execFileSync("ip", words);
  /** Gives the interface these addresses and no other. */
  const setAddresses = (...addresses: string[]) => {
    ip("addr", "flush", "dev", "wan");
    for (const address of addresses) ip("addr", "add", address, "dev", "wan");
  };

  describe("a hook", (test) => {
    const cases: [string, string[], string[], RegExp][] = [
      [
        "believes the kernel, not its own stale address",
        ["1.2.3.4/32"],
        ["wan", "8.8.8.8"],
        /A 1\.2\.3\.4 accepted/,
      ],
      [
        "believes its own address where there is no such interface",
        [],
        ["ppp9", "8.8.8.8"],
        /A 8\.8\.8\.8 accepted/,
      ],
      [
        "does not believe its own address where the interface has none",
        [],
        ["wan", "8.8.8.8"],
        /A 9\.9\.9\.9 accepted/,
      ],
      [
        "goes on to the next source behind carrier-grade NAT",
        ["100.64.0.9/32"],
        ["wan"],
        /A 9\.9\.9\.9 accepted/,
      ],
      [
        "goes on to the next source behind a private address",
        ["10.0.0.9/32"],
        ["wan", "10.0.0.9"],
        /A 9\.9\.9\.9 accepted/,
      ],
      [
        "takes the public one of several addresses",
        ["10.0.0.9/32", "1.2.3.4/32"],
        ["wan"],
        /A 1\.2\.3\.4 accepted/,
      ],
    ];
    for (const [name, addresses, words, expected] of cases) {
      test.unless(whyNoNetwork, name, async () => {
        setAddresses(...addresses);
        const stream = await startStreamStandIn();
        const echo = await startEchoServer((_, response) => void response.end("9.9.9.9"));
        const toml = `check_urls = ["${echo.url}"]\n[ipv4]\nsources = ["hook", "check"]`;
        const { stdout, stderr } = await createDeviceDirectory(stream.url, toml).run(["notify", ...words]);
        await Promise.all([stream.close(), echo.close()]);
        assert.match(stdout, expected);
        assert.is(stderr, "");
        assert.is(stream.requests.length, 1);
      });
    }

    test.unless(whyNoNetwork, "of an unchanged interface asks nobody and says nothing", async () => {
      setAddresses("1.2.3.4/32");
      const stream = await startStreamStandIn();
      const device = createDeviceDirectory(stream.url);
      await device.run(["notify", "wan"]);
      assert.equal(await device.run(["notify", "wan"]), { exitCode: 0, stdout: "", stderr: "" });
      assert.is(stream.requests.length, 1);
      await stream.close();
    });
  });

  describe("an address of the interface", (test) => {
    const toml = 'interface = "wan"\n[ipv4]\nsources = ["interface"]\n';

    test.unless(
      whyNoNetwork,
      "is published once where nothing can be remembered, and once when forced",
      async () => {
        setAddresses("1.2.3.4/32");
        const stream = await startStreamStandIn();
        const device = createDeviceDirectory(stream.url, toml);
        // A file cannot take the place of a directory.
        mkdirSync(device.statePath);
        const { exitCode, stderr } = await device.run(["--force"]);
        assert.is(exitCode, 0);
        assert.is(stream.requests.length, 1);
        assert.is(stderr.split("\n").filter((line) => line.includes("expected to remember")).length, 1);
        await stream.close();
      },
    );

    test.unless(whyNoNetwork, "that has changed while it was published is published after it", async () => {
      setAddresses("1.2.3.4/32");
      const stream = await startStreamStandIn((_response, _put, count) => {
        if (count === 1) setAddresses("8.8.8.8/32");
        return false;
      });
      assert.is((await createDeviceDirectory(stream.url, toml).run([])).exitCode, 0);
      assert.equal(
        stream.accepted.map((put) => put.ip),
        ["1.2.3.4", "8.8.8.8"],
      );
      await stream.close();
    });

    test.unless(whyNoNetwork, "ends in one failure, not in a storm, where the stream is down", async () => {
      setAddresses("1.2.3.4/32");
      const stream = await startStreamStandIn((response) => {
        response.destroy();
        return true;
      });
      const { exitCode, stderr } = await createDeviceDirectory(stream.url, toml).run(["--deadline", "1"]);
      assert.is(exitCode, 75);
      assert.match(stderr, /^error: [^\n]*\n$/);
      assert.is(stream.requests.length < 10, true);
      await stream.close();
    });
  });

  describe("bind_to_interface", (test) => {
    const toml = 'interface = "wan"\nbind_to_interface = true\n[ipv4]\nsources = ["check"]\n';

    test.unless(whyNoNetwork, "sends everything from the address of the interface", async () => {
      setAddresses("1.2.3.4/32");
      let askedFrom: string | undefined;
      const stream = await startStreamStandIn();
      const echo = await startEchoServer((request, response) => {
        askedFrom = request.socket.remoteAddress;
        response.end("9.9.9.9");
      });
      const device = createDeviceDirectory(stream.url, `check_urls = ["${echo.url}"]\n${toml}`);
      assert.is((await device.run([])).exitCode, 0);
      assert.equal([askedFrom, stream.accepted[0]?.from], ["1.2.3.4", "1.2.3.4"]);
      setAddresses();
      const { exitCode, stderr } = await device.run(["--force"]);
      assert.is(exitCode, 69);
      assert.match(stderr, /bind_to_interface: the interface has no ipv4 address to ask from/);
      await Promise.all([stream.close(), echo.close()]);
    });
  });
}
