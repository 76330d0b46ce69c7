import { fqdnToWire } from "../lambda/contract/fqdn.ts";
import { publishedNames } from "./published-names.ts";
import type { DeviceSettings } from "./settings-schema.ts";

/** Where the device keeps its private key, as `update-route53 keygen` does. */
const PRIVATE_KEY_FILE = "/etc/update-route53.key";

export interface StreamAccess {
  readonly stream: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The configuration file of a device: everything that its agent must know. */
export function deviceToml(device: DeviceSettings, access: StreamAccess): string {
  const { name, families, publicKeys } = device;
  const lines = [
    `# ${name}: has a secret in it, so /etc/update-route53.toml with mode 0600.`,
    `domains = ${list(publishedNames(device).map(fqdnToWire))}`,
    `families = ${list(families)}`,
    `stream = ${quoted(access.stream)}`,
    `region = ${quoted(access.region)}`,
    `access_key_id = ${quoted(access.accessKeyId)}`,
    `secret_access_key = ${quoted(access.secretAccessKey)}`,
    "",
    "[device]",
    `name = ${quoted(name)}`,
    ...(publicKeys.length > 0 ? [`private_key_file = ${quoted(PRIVATE_KEY_FILE)}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** A basic string of TOML has the escapes of JSON, and none of these values needs another. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function list(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(", ")}]`;
}
