import type { Family } from "../../lambda/contract/address.ts";
import { type Fqdn, parseFqdn } from "../../lambda/contract/fqdn.ts";
import { quote } from "../../lambda/contract/refusal.ts";
import { type Ipv6Suffix, parseIpv6Suffix } from "./ipv6-suffix.ts";
import { didYouMean } from "./nearest.ts";
import { family, integer, type Kind, listOf, text, ValueProblem } from "./value-kinds.ts";

/** A name to keep up to date, and how. */
export interface Domain {
  readonly fqdn: Fqdn;
  /** Undefined: the families of the settings. */
  readonly families?: readonly Family[];
  /** The TTL to ask for; the function's policy has the last word. */
  readonly ttlSeconds?: number;
  /** For another host of the network, which has this suffix behind the prefix of the detected address. */
  readonly ipv6Suffix?: Ipv6Suffix;
}

const DEFAULT_PREFIX_LENGTH = 64;

const fields = {
  name: text(/./, "a domain name"),
  families: listOf(family, "a list of ipv4 and ipv6"),
  ttl: integer(0, 2 ** 31 - 1),
  ipv6_suffix: text(/^[0-9A-Fa-f:.]+$/, "the end of an IPv6 address such as ::1a2b"),
  ipv6_prefix_length: integer(16, 120),
};

type Field = keyof typeof fields;
const knownFields = Object.keys(fields) as Field[];
type FieldValues = { [K in Field]?: Exclude<ReturnType<(typeof fields)[K]["read"]>, undefined> };

/** Reads a name, or a table with `name` and what is special about it. */
export const domain: Kind<Domain> = {
  expected: "a domain name, or a table with one",
  read(value) {
    if (typeof value === "string") return { fqdn: parseFqdn(value) };
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return createDomain(readFields(value));
  },
};

function readFields(table: object): FieldValues {
  const values: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(table)) {
    const field = knownFields.find((known) => known === key);
    if (!field) throw new ValueProblem(`unknown key ${quote(key)}${didYouMean(key, knownFields)}`);
    const kind: Kind<unknown> = fields[field];
    values[field] = kind.read(given);
    if (values[field] === undefined)
      throw new ValueProblem(`${key}: expected ${kind.expected}, got ${quote(given)}`);
  }
  return values;
}

function createDomain(values: FieldValues): Domain {
  const { name, families, ttl, ipv6_suffix, ipv6_prefix_length = DEFAULT_PREFIX_LENGTH } = values;
  if (name === undefined) throw new ValueProblem("expected a name in the table, found none");
  const ipv6Suffix = ipv6_suffix === undefined ? undefined : parseIpv6Suffix(ipv6_suffix, ipv6_prefix_length);
  if (ipv6_suffix !== undefined && ipv6Suffix === undefined) {
    const expected = `expected an IPv6 address that begins with ${ipv6_prefix_length} zero bits`;
    throw new ValueProblem(`ipv6_suffix: ${expected}, got ${quote(ipv6_suffix)}`);
  }
  return {
    fqdn: parseFqdn(name),
    ...(families && { families }),
    ...(ttl !== undefined && { ttlSeconds: ttl }),
    ...(ipv6Suffix && { ipv6Suffix }),
  };
}
