import { exitCode } from "../exit-code.ts";
import { type Diagnosis, ok, problem, unknown } from "./diagnosis.ts";

export type Lookup = { readonly name: string } & (
  | { readonly addressCount: number }
  | { readonly code: string }
);

export interface ResolverFacts {
  /** The addresses of the resolvers that the system names. */
  readonly servers: readonly string[];
  /** Undefined where the endpoint is not known. */
  readonly endpoint: Lookup | undefined;
  /** The first name to keep up to date, which need not exist yet. */
  readonly domain: Lookup | undefined;
}

/** The resolver's word that there is no such name: RFC 2308. */
const NO_SUCH_NAME = ["ENOTFOUND", "ENODATA"];

export function judgeResolver({ servers, endpoint, domain }: ResolverFacts): Diagnosis {
  const lookups = [endpoint, domain].filter((lookup) => lookup !== undefined);
  const base = { check: "resolver", names: lookups.map(({ name }) => name) };
  const asked = servers.length > 0 ? `by ${servers.join(" and ")}` : "no resolver is configured";
  if (lookups.length === 0) {
    const found = `${asked}: no name to look up is known`;
    return unknown({ ...base, found, fix: "mend the configuration first" });
  }
  const found = `${lookups.map((lookup) => describeLookup(lookup, lookup === domain)).join(", ")} (${asked})`;
  const isFailure = (lookup: Lookup) =>
    "code" in lookup && (lookup === endpoint || !NO_SUCH_NAME.includes(lookup.code));
  if (lookups.some(isFailure)) {
    const fix =
      "see whether the line is up and /etc/resolv.conf names a resolver that answers, such as 9.9.9.9";
    return problem(exitCode.tryAgain, { ...base, found, fix });
  }
  return ok({ ...base, found });
}

function describeLookup(lookup: Lookup, isNew: boolean): string {
  if (!("code" in lookup)) return `${lookup.name} resolves`;
  return NO_SUCH_NAME.includes(lookup.code)
    ? `${lookup.name} does not exist${isNew ? " yet" : ""}`
    : `${lookup.name} cannot be looked up (${lookup.code})`;
}
