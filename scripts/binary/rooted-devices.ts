// Devices of one local cloud, each with a name, a key and an address of its own, in roots of every kind.
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LocalCloud } from "../local/cloud.ts";
import { deploy } from "../local/deployment.ts";
import { environmentIn } from "../local/device.ts";
import { queryDns } from "../local/dns/query.ts";
import { startEchoServer } from "../local/echo-server.ts";
import type { Result } from "./built.ts";
import { createDeviceRoot, type DeviceRoot, type Kind } from "./device-roots.ts";
import { binaryInRoot } from "./root.ts";
import type { Target } from "./targets.ts";

/** A root that is wanted, and the two addresses that its provider gives, one after the other. */
export interface Wanted {
  readonly target: Target;
  readonly kind: Kind;
  readonly addresses: readonly [first: string, second: string];
}

export interface RootedDevice {
  readonly root: string;
  readonly domain: string;
  /** What `keygen` has printed in its root, of which the stack has the public key. */
  readonly keygen: Result;
  /** From now on, the echo service tells the second address. */
  readonly move: () => void;
  readonly agent: (...args: readonly string[]) => Promise<Result>;
  /** What the zone's name server answers, once the function has done what is on the stream. */
  readonly answer: () => Promise<string>;
}

export interface RootedDevices {
  readonly of: (wanted: Wanted) => RootedDevice;
  readonly close: () => Promise<void>;
}

type Keyed = { readonly name: string; readonly root: DeviceRoot; readonly keygen: Result };

const domainOf = (name: string) => `${name}.example.com`;

export async function startRootedDevices(all: readonly Wanted[]): Promise<RootedDevices> {
  const keyed = await Promise.all(all.map(createKeyed));
  const devices = keyed.map(({ name, keygen: { stdout } }) => ({
    name,
    domains: [domainOf(name)],
    publicKeys: [JSON.parse(stdout).publicKey],
  }));
  const { cloud, tomlOf } = await deploy({ zones: { "example.com": "Z0EXAMPLECOM" }, devices });
  const started = await Promise.all(
    keyed.map((one, index) =>
      startDevice(one, { cloud, toml: tomlOf(one.name), addresses: all[index]?.addresses ?? [] }),
    ),
  );
  return {
    of(wanted) {
      const device = started[all.indexOf(wanted)];
      if (!device) throw new Error(`expected a device for ${wanted.target.arch} ${wanted.kind}, found none`);
      return device;
    },
    async close() {
      for (const device of started) await device.close();
      await cloud.close();
    },
  };
}

/** The stack must know the key that a device has made. */
async function createKeyed({ target, kind }: Wanted): Promise<Keyed> {
  const root = createDeviceRoot(target, kind);
  process.on("exit", () => rmSync(dirname(root.path), { recursive: true }));
  const keygen = await root.run([binaryInRoot, "keygen", "--json"]);
  return { name: `${target.arch}-${kind}`, root, keygen };
}

interface Surroundings {
  readonly cloud: LocalCloud;
  readonly toml: string;
  readonly addresses: readonly string[];
}

async function startDevice({ name, root, keygen }: Keyed, { cloud, toml, addresses }: Surroundings) {
  let [address = "", next = ""] = addresses;
  const domain = domainOf(name);
  const { host, port } = cloud.nameServer;
  const echo = await startEchoServer((_, response) => void response.end(address));
  writeFileSync(join(root.path, "etc/update-route53.toml"), toml, { mode: 0o600 });
  // No resolver of the Internet knows the name. The file may be one that the cache shares.
  rmSync(join(root.path, "etc/hosts"), { force: true });
  writeFileSync(join(root.path, "etc/hosts"), `127.0.0.1 ${domain}\n`);
  const nameServer = `${host}:${port}`;
  const environment = environmentIn({ checkUrls: [echo.url], kinesisUrl: cloud.kinesis.url, nameServer });
  return {
    root: root.path,
    domain,
    keygen,
    move() {
      address = next;
    },
    agent: (...args: readonly string[]) => root.run([binaryInRoot, ...args], environment),
    async answer() {
      await cloud.mapping.idle();
      return (await queryDns({ host, port, name: domain, type: "A" })).values.join();
    },
    close: echo.close,
  };
}
