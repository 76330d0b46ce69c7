// A device of the local cloud: its configuration file and the environment its agent runs in.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCAL_REGION, LOCAL_STREAM } from "./cloud.ts";

export interface DeviceOptions {
  readonly domain: string;
  readonly checkUrls: readonly string[];
  readonly kinesisUrl: string;
  /** `HOST:PORT` of the name server of the local cloud. */
  readonly nameServer: string;
}

export interface LocalDevice {
  readonly configPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/** Writes the configuration of a device into a folder of its own. */
export function createDevice({ domain, checkUrls, kinesisUrl, nameServer }: DeviceOptions): LocalDevice {
  const folder = mkdtempSync(join(tmpdir(), "update-route53-device-"));
  const configPath = join(folder, "update-route53.toml");
  const toml = `# The configuration of a device of the local cloud.
domains = [${JSON.stringify(domain)}]
stream = "${LOCAL_STREAM}"
region = "${LOCAL_REGION}"
access_key_id = "LOCAL"
secret_access_key = "local"
check_urls = ${JSON.stringify(checkUrls)}
name_servers = ["${nameServer}"]
state_directory = ${JSON.stringify(join(folder, "state"))}

# The interfaces of this machine have nothing to do with the addresses of the local cloud.
[ipv4]
sources = ["check"]
`;
  writeFileSync(configPath, toml, { mode: 0o600 });
  return {
    configPath,
    environment: { AWS_ENDPOINT_URL_KINESIS: kinesisUrl },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
