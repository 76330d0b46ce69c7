// A local cloud with one device in front of it and the echo services that tell the device its address.
import { type CloudOptions, type LocalCloud, startCloud } from "./cloud.ts";
import { createDevice, type LocalDevice } from "./device.ts";
import { startEchoServer } from "./echo-server.ts";

const ECHO_SERVICES = 3;

export interface PlaygroundOptions extends Omit<CloudOptions, "settings"> {
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
  const settings = { zones: [{ name: zone, id: "Z0LOCALEXAMPLE" }], unsignedDomains: [domain] };
  const cloud = await startCloud({ settings, ...observers });
  const echoes = await Promise.all(
    Array.from({ length: ECHO_SERVICES }, () =>
      startEchoServer((_, response) => void response.end(`${publicAddress()}\n`)),
    ),
  );
  const checkUrls = echoes.map(({ url }) => url);
  const nameServer = `${cloud.nameServer.host}:${cloud.nameServer.port}`;
  const device = createDevice({ domain, checkUrls, kinesisUrl: cloud.kinesis.url, nameServer });
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
