import { checkUrl, type Domain, domain, family, type Kind, listOf, text } from "./value-kinds.ts";

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
    hint: "FAMILY",
    default: ["ipv4"] as const,
  }),
  interface: setting({
    kind: text(/^[^\s/]{1,15}$/, "the name of a network interface"),
    description: "interface that holds the public address (default: ask the echo services)",
    flag: "interface",
    hint: "NAME",
  }),
  check_urls: setting({
    kind: listOf<URL>(checkUrl, "a list of https:// URLs"),
    description: "echo service that answers with the caller's address; repeat for several",
    flag: "check-url",
    hint: "URL",
    default: defaultCheckUrls.map((url) => new URL(url)),
  }),
} as const;

export type SettingKey = keyof typeof settings;
export type SettingValue<K extends SettingKey> = (typeof settings)[K] extends Setting<infer T> ? T : never;

/** Values by key: of one layer, or all layers together. */
export type SettingValues = { readonly [K in SettingKey]?: SettingValue<K> };

export const settingKeys = Object.keys(settings) as SettingKey[];

export function environmentVariable(key: SettingKey): string {
  return `UPDATE_ROUTE53_${key.toUpperCase()}`;
}
