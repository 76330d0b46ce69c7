// A device of the local cloud: its configuration file and the environment its agent runs in.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));

export interface Surroundings {
  readonly checkUrls: readonly string[];
  readonly kinesisUrl: string;
  /** `HOST:PORT` of the name server of the local cloud. */
  readonly nameServer: string;
}

export interface DeviceOptions extends Surroundings {
  /** The configuration file, as the stack puts it out. */
  readonly toml: string;
}

export interface LocalDevice {
  readonly configPath: string;
  /** A script for `sh` that starts the agent of this checkout with all that is below, to be typed by a person. */
  readonly scriptPath: string;
  /** What is different on this machine: the file stays as it is. */
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/** Puts the configuration of a device into a folder of its own. */
export function createDevice({ toml, ...surroundings }: DeviceOptions): LocalDevice {
  const folder = mkdtempSync(join(tmpdir(), "update-route53-device-"));
  const configPath = join(folder, "update-route53.toml");
  writeFileSync(configPath, toml, { mode: 0o600 });
  const environment = {
    ...environmentIn(surroundings),
    UPDATE_ROUTE53_STATE_DIRECTORY: join(folder, "state"),
  };
  const scriptPath = join(folder, "agent");
  writeFileSync(scriptPath, formatScript({ UPDATE_ROUTE53_CONFIG: configPath, ...environment }));
  return { configPath, scriptPath, environment, remove: () => rmSync(folder, { recursive: true }) };
}

function formatScript(environment: Readonly<Record<string, string>>): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`);
  return [...exports, `exec ${quote(process.execPath)} ${quote(MAIN)} "$@"`, ""].join("\n");
}

/** What is different on this machine for the agent of a device: its file stays as it is. */
export function environmentIn({ checkUrls, kinesisUrl, nameServer }: Surroundings): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_KINESIS: kinesisUrl,
    // The interfaces of this machine have nothing to do with the addresses of the local cloud.
    UPDATE_ROUTE53_FAMILIES: "ipv4",
    UPDATE_ROUTE53_IPV4_SOURCES: "check",
    UPDATE_ROUTE53_CHECK_URLS: checkUrls.join(","),
    UPDATE_ROUTE53_NAME_SERVERS: nameServer,
  };
}
