// The cloud of the Pulumi program on this machine, with one device in front of it and the echo services that tell
// the device its address.
import type { CloudOptions, LocalCloud } from "./cloud.ts";
import { deploy } from "./deployment.ts";
import { createDevice, type LocalDevice } from "./device.ts";
import { startEchoServer } from "./echo-server.ts";

const ECHO_SERVICES = 3;
const DEVICE_NAME = "laptop";

export interface PlaygroundOptions extends Pick<CloudOptions, "onBatch" | "onLog"> {
  readonly domain: string;
  readonly zone: string;
  /** What the echo services answer. */
  readonly publicAddress: () => string;
}

export interface Playground {
  readonly cloud: LocalCloud;
  readonly device: LocalDevice;
  /** Ends everything; called again, it waits for the same end. */
  readonly close: () => Promise<void>;
}

export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { domain, zone, publicAddress, ...observers } = options;
  const devices = [{ name: DEVICE_NAME, domains: [domain], publishes: [domain], families: ["ipv4", "ipv6"] }];
  const { cloud, tomlOf } = await deploy({ zones: { [zone]: "Z0LOCALEXAMPLE" }, devices, ...observers });
  const echoes = await Promise.all(
    Array.from({ length: ECHO_SERVICES }, () =>
      startEchoServer((_, response) => void response.end(`${publicAddress()}\n`)),
    ),
  );
  const checkUrls = echoes.map(({ url }) => url);
  const nameServer = `${cloud.nameServer.host}:${cloud.nameServer.port}`;
  const device = createDevice({
    toml: tomlOf(DEVICE_NAME),
    checkUrls,
    kinesisUrl: cloud.kinesis.url,
    nameServer,
  });
  const closeAll = async () => {
    device.remove();
    await Promise.all(echoes.map((echo) => echo.close()));
    await cloud.close();
  };
  let closing: Promise<void> | undefined;
  return {
    cloud,
    device,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
