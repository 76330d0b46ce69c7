import { isIP } from "node:net";
import { type Family, parseAddress } from "../../lambda/contract/address.ts";
import { type Fqdn, parseFqdn } from "../../lambda/contract/fqdn.ts";

/** How a setting is read: from a TOML value, and from the text of a flag or environment variable. */
export interface Kind<T> {
  /** Completes "expected ...". */
  readonly expected: string;
  /** The value, or undefined where it is not of this kind. May throw a RefusedError that says more. */
  readonly read: (value: unknown) => T | undefined;
  /** What a text means, for kinds that are not texts themselves. */
  readonly fromText?: (text: string) => unknown;
  /** A list: its flag may be repeated. */
  readonly isList?: true;
}

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

/** A name to keep up to date. */
export interface Domain {
  readonly fqdn: Fqdn;
}

export const domain: Kind<Domain> = {
  expected: "a domain name",
  read: (value) => (typeof value === "string" ? { fqdn: parseFqdn(value) } : undefined),
};

/** A URL whose answer nobody on the way can change: HTTPS, or HTTP to this very machine. */
export const checkUrl: Kind<URL> = {
  expected: "an https:// URL",
  read(value) {
    const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
    return url && isTrustworthy(url) ? url : undefined;
  },
};

/** Whether the answer of a URL cannot be changed on its way. */
export function isTrustworthy(url: URL): boolean {
  if (url.protocol === "https:") return true;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return (
    url.protocol === "http:" &&
    (isIP(host) ? /^127\.|^::1$/.test(parseAddress(host).text) : host === "localhost")
  );
}
