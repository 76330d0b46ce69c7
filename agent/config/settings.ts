import { type Domain, domain } from "./domain.ts";
import {
  checkUrl,
  family,
  integer,
  ipv6Selection,
  type Kind,
  listOf,
  oneOf,
  serverAddress,
  text,
  yesOrNo,
} from "./value-kinds.ts";

/** One setting: everything that the command line, the environment, the file and the help say of it. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly description: string;
  /** The name of the flag, where it can be given on the command line. Never for a secret. */
  readonly flag?: string;
  /** Shown in the help behind the flag. */
  readonly hint?: string;
  readonly default?: T;
  /** A secret is never repeated in a message. */
  readonly secret?: true;
}

const setting = <T>(given: Setting<T>): Setting<T> => given;

const streamName = text(/^[A-Za-z0-9_.-]{1,128}$/, "a Kinesis stream name");
const path = text(/^[^\0]+$/, "a path");
const secretText = text(/^[\x21-\x7e]+$/, "a text without spaces");

/** Independent operators, each reachable by IPv4 and IPv6. */
export const defaultCheckUrls = [
  "https://icanhazip.com",
  "https://ident.me",
  "https://api64.ipify.org",
] as const;

/** Where an address may be learnt: what a hook says, what the kernel says, what echo services say. */
const sources = listOf(oneOf(["hook", "interface", "check"]), "a list of hook, interface and check");
const defaultSources = ["hook", "interface", "check"] as const;

/** Every setting, by its key in the TOML file. Its environment variable is UPDATE_ROUTE53_ and the key. */
export const settings = {
  domains: setting({
    kind: listOf<Domain>(domain, "a list of domain names"),
    description: "name to keep up to date; repeat for several",
    flag: "domain",
    hint: "NAME",
  }),
  stream: setting({
    kind: streamName,
    description: "Kinesis stream to put the record on",
    flag: "stream",
    hint: "NAME",
    default: "update-route53",
  }),
  region: setting({
    kind: text(/^[a-z]{2,4}(?:-[a-z]+)+-\d$/, "an AWS region such as eu-west-1"),
    description: "AWS region of the stream (default: as the AWS SDK finds it)",
    flag: "region",
    hint: "REGION",
  }),
  access_key_id: setting({ kind: secretText, description: "AWS access key id", secret: true }),
  access_key_id_file: setting({ kind: path, description: "file that holds the access key id" }),
  secret_access_key: setting({ kind: secretText, description: "AWS secret access key", secret: true }),
  secret_access_key_file: setting({ kind: path, description: "file that holds the secret access key" }),
  ca_file: setting({
    kind: path,
    description: "file with certificate authorities to believe besides Node's own, in PEM",
  }),
  partition_key: setting({
    kind: text(/^.{1,256}$/su, "1 to 256 characters"),
    description: "Kinesis partition key (default: the domain name)",
    flag: "partition-key",
    hint: "TEXT",
  }),
  families: setting({
    kind: listOf(family, "a list of ipv4 and ipv6"),
    description: "address family to publish, ipv4 or ipv6; repeat for both",
    flag: "family",
    hint: "ipv4|ipv6",
    default: ["ipv4"] as const,
  }),
  "ipv4.sources": setting({
    kind: sources,
    description: "sources of the IPv4 address, in order",
    default: defaultSources,
  }),
  "ipv6.sources": setting({
    kind: sources,
    description: "sources of the IPv6 address, in order",
    default: defaultSources,
  }),
  "ipv6.select": setting({
    kind: ipv6Selection,
    description: "which IPv6 address of the interface, where it has several",
  }),
  interface: setting({
    kind: text(/^[^\s/]{1,15}$/, "the name of a network interface"),
    description: "interface of the public address (default: the one with the default route)",
    flag: "interface",
    hint: "NAME",
  }),
  bind_to_interface: setting({
    kind: yesOrNo,
    description: "send everything from the address of the interface, for routers with several uplinks",
    default: false,
  }),
  check_urls: setting({
    kind: listOf<URL>(checkUrl, "a list of https:// and dns:// URLs"),
    description: "echo service that answers with the caller's address; repeat for several",
    flag: "check-url",
    hint: "URL",
    default: defaultCheckUrls.map((url) => new URL(url)),
  }),
  quorum: setting({
    kind: integer(1, 50),
    description: "how many echo services must agree (default: more than half of them)",
  }),
  state_directory: setting({
    kind: path,
    description: "directory that remembers what was published",
    flag: "state-directory",
    hint: "PATH",
    default: "/var/lib/update-route53",
  }),
  refresh_hours: setting({
    kind: integer(1, 8760),
    description: "publish an unchanged address again after so many hours",
    default: 24,
  }),
  deadline_seconds: setting({
    kind: integer(1, 86_400),
    description: "how long to go on trying (default: 60, from a hook 600)",
    flag: "deadline",
    hint: "SECONDS",
  }),
  interval_seconds: setting({
    kind: integer(30, 86_400),
    description: "how often the run command checks the address",
    flag: "interval",
    hint: "SECONDS",
    default: 300,
  }),
  name_servers: setting({
    kind: listOf(serverAddress, "a list of IP addresses, with or without a port"),
    description: "name server to ask whether a change is visible (default: those of the zone)",
    flag: "name-server",
    hint: "ADDRESS[:PORT]",
  }),
  "device.name": setting({
    kind: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "1 to 64 letters, digits, dots, hyphens and underscores"),
    description: "name of this device in the policy of the function",
  }),
  "device.private_key_file": setting({
    kind: path,
    description: "file that holds the key this device signs with",
  }),
} as const;

export type SettingKey = keyof typeof settings;
export type SettingValue<K extends SettingKey> = (typeof settings)[K] extends Setting<infer T> ? T : never;

/** Values by key: of one layer, or all layers together. */
export type SettingValues = { readonly [K in SettingKey]?: SettingValue<K> };

export const settingKeys = Object.keys(settings) as SettingKey[];

export function environmentVariable(key: SettingKey): string {
  return `UPDATE_ROUTE53_${key.replace(".", "_").toUpperCase()}`;
}
