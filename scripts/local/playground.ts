// The cloud of the Pulumi program on this machine, with one device in front of it and the echo services that tell
// the device its address.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stop as stopEsbuild } from "esbuild";
import { buildLambda } from "../build-lambda.ts";
import { type CloudOptions, type LocalCloud, startCloud } from "./cloud.ts";
import { createDevice, type LocalDevice } from "./device.ts";
import { startEchoServer } from "./echo-server.ts";
import { type ProgramResult, runProgram } from "./engine.ts";

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
  const { zone, publicAddress, onBatch, onLog } = options;
  const zones = { [zone]: "Z0LOCALEXAMPLE" };
  const folder = await mkdtemp(join(tmpdir(), "update-route53-playground-"));
  const started = (async () => {
    const program = await deploy(options, folder, zones);
    const cloud = await startCloud({ program, zones, ...(onBatch && { onBatch }), ...(onLog && { onLog }) });
    return { cloud, toml: String(program.outputs.get(`config:${DEVICE_NAME}`)?.value) };
  })();
  // The function's code has been copied out of it, or nothing needs it any more.
  const { cloud, toml } = await started.finally(() => rm(folder, { recursive: true }));
  const echoes = await Promise.all(
    Array.from({ length: ECHO_SERVICES }, () =>
      startEchoServer((_, response) => void response.end(`${publicAddress()}\n`)),
    ),
  );
  const checkUrls = echoes.map(({ url }) => url);
  const nameServer = `${cloud.nameServer.host}:${cloud.nameServer.port}`;
  const device = createDevice({ toml, checkUrls, kinesisUrl: cloud.kinesis.url, nameServer });
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

/** What `pulumi up` does, as far as a laptop can. */
async function deploy(
  { domain, zone }: PlaygroundOptions,
  folder: string,
  zones: CloudOptions["zones"],
): Promise<ProgramResult> {
  // esbuild's own process would otherwise live as long as this one.
  const bundle = await buildLambda(folder).finally(stopEsbuild);
  const devices = [{ name: DEVICE_NAME, domains: [domain], families: ["ipv4", "ipv6"] }];
  return runProgram({ config: { zones: [zone], devices, bundle, allowExampleNames: true }, zones });
}
