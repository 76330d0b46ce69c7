import { addressFamily, type Family, parseAddress } from "../../lambda/contract/address.ts";
import { parseDnsUrl } from "../dns/dns-url.ts";

/** How a setting is read: from a TOML value, and from the text of a flag or environment variable. */
export interface Kind<T> {
  /** Completes "expected ...". */
  readonly expected: string;
  /** The value, or undefined where it is not of this kind. May throw a ValueProblem or RefusedError. */
  readonly read: (value: unknown) => T | undefined;
  /** What a text means, for kinds that are not texts themselves. */
  readonly fromText?: (text: string) => unknown;
  /** A list: its flag may be repeated. */
  readonly isList?: true;
}

/** What is wrong with a value, where its kind can say more than what it expected. */
export class ValueProblem extends Error {}

export function text(pattern: RegExp, expected: string): Kind<string> {
  return {
    expected,
    read: (value) => (typeof value === "string" && pattern.test(value) ? value : undefined),
  };
}

export function integer(min: number, max: number): Kind<number> {
  return {
    expected: `an integer from ${min} to ${max}`,
    read: (value) =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined,
    fromText: (given) => (/^-?\d{1,15}$/.test(given) ? Number(given) : given),
  };
}

export const yesOrNo: Kind<boolean> = {
  expected: "true or false",
  read: (value) => (typeof value === "boolean" ? value : undefined),
  fromText: (given) => ({ true: true, false: false })[given] ?? given,
};

/** A non-empty list. A text is split at commas and white space. */
export function listOf<T>(item: Kind<T>, expected: string): Kind<readonly T[]> {
  return {
    expected,
    read(value) {
      if (!Array.isArray(value) || value.length === 0) return undefined;
      const items = value.map(item.read);
      return items.includes(undefined) ? undefined : (items as T[]);
    },
    fromText: (given) => given.split(/[\s,]+/).filter(Boolean),
    isList: true,
  };
}

export function oneOf<T extends string>(choices: readonly T[]): Kind<T> {
  return {
    expected: `one of ${choices.join(", ")}`,
    read: (value) => choices.find((choice) => choice === value),
  };
}

export const family = oneOf<Family>(["ipv4", "ipv6"]);

/** Whom to ask for the address: an https:// URL, or a DNS question as a URL of RFC 4501. */
export const checkUrl: Kind<URL> = {
  expected: "an https:// or dns:// URL",
  read(value) {
    const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
    if (url?.username || url?.password) throw new ValueProblem("expected URLs without a user and password");
    return url && (isTrustworthy(url) || parseDnsUrl(url)) ? url : undefined;
  },
};

/** Whether nobody on the way can change the answer of a URL: HTTPS, or HTTP to this very machine. */
export function isTrustworthy(url: URL): boolean {
  if (url.protocol === "https:") return true;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isLoopback = addressFamily(host)
    ? /^127\.|^::1$/.test(parseAddress(host).text)
    : host === "localhost";
  return url.protocol === "http:" && isLoopback;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const DNS_PORT = 53;

/** `1.2.3.4`, `1.2.3.4:5353`, `2600::1` or `[2600::1]:5353`. */
export const serverAddress: Kind<ServerAddress> = {
  expected: "an IP address, with or without a port",
  read(value) {
    if (typeof value !== "string") return undefined;
    if (addressFamily(value)) return { host: value, port: DNS_PORT };
    const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? [];
    const host = bracketed ?? plain ?? "";
    return addressFamily(host) && Number(port) > 0 && Number(port) <= 65_535
      ? { host, port: Number(port) }
      : undefined;
  },
};

/** Which of several IPv6 addresses to take: EUI-64 (RFC 4291 appendix A), or the one with this interface identifier. */
export type Ipv6Selection = "eui64" | { readonly suffix: string };

export const ipv6Selection: Kind<Ipv6Selection> = {
  expected: "eui64, or the end of an address such as ::1",
  read(value) {
    if (value === "eui64") return value;
    return typeof value === "string" && value.startsWith("::") && addressFamily(value) === "ipv6"
      ? { suffix: value }
      : undefined;
  },
};
