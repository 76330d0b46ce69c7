import { Resolver } from "node:dns/promises";
import { type Fqdn, fqdnToWire } from "../../lambda/contract/fqdn.ts";
import type { ServerAddress } from "../config/value-kinds.ts";

/** A name server of a zone, with every address to reach it at. */
export interface NameServer {
  readonly name: string;
  /** At least one; IPv4 first. */
  readonly addresses: readonly ServerAddress[];
}

/** Who answers for a name. */
export type Authority =
  | {
      readonly state: "known";
      /** The apex of the zone that holds the name; undefined where a person has named the servers. */
      readonly zone: string | undefined;
      readonly servers: readonly NameServer[];
      /** Of the name servers that are left out because nothing tells where they are. */
      readonly problems: readonly string[];
    }
  | { readonly state: "unavailable"; readonly reason: string };

export interface AuthorityOptions {
  /** Ends the search at any point. */
  readonly signal: AbortSignal;
  /** Whom to ask; by default the resolvers of the system. */
  readonly resolvers?: readonly ServerAddress[] | undefined;
  /** The servers that a person has named: they are taken, each for itself, and nobody is asked. */
  readonly nameServers?: readonly ServerAddress[] | undefined;
}

const DNS_PORT = 53;
const QUERY_TIMEOUT_MS = 2_000;
const QUERY_TRIES = 3;
/** RFC 2308: the answers that there is no such name, and that it has nothing of the type. */
const NOTHING_THERE = ["ENOTFOUND", "ENODATA"];

/** Finds the name servers of the zone that holds a name, by way of a resolver. */
export async function findAuthority(
  fqdn: Fqdn,
  { signal, resolvers, nameServers }: AuthorityOptions,
): Promise<Authority> {
  if (nameServers) return { state: "known", zone: undefined, servers: nameServers.map(alone), problems: [] };
  const unavailable = (reason: string): Authority => ({ state: "unavailable", reason });
  if (signal.aborted) return unavailable("no answer in time");
  const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
  if (resolvers) resolver.setServers(resolvers.map(formatServer));
  const cancel = () => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const authority = await walkUp(resolver, fqdn);
    // What was cut short at the last step has servers missing.
    return signal.aborted ? unavailable("no answer in time") : authority;
  } catch (error) {
    if (!isResolverError(error)) throw error;
    return unavailable(signal.aborted ? "no answer in time" : `the resolver fails: ${error.message}`);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function alone(address: ServerAddress): NameServer {
  return { name: formatServer(address), addresses: [address] };
}

async function walkUp(resolver: Resolver, fqdn: Fqdn): Promise<Authority> {
  for (const name of possibleApexes(fqdn)) {
    const nameServers = await found(resolver.resolveNs(name));
    if (nameServers.length === 0 || !(await isApex(resolver, name))) continue;
    return locateAll(resolver, name, nameServers.sort());
  }
  return { state: "unavailable", reason: `the resolver knows of no zone that holds ${fqdnToWire(fqdn)}` };
}

/**
 * The name and its parents, nearest first, without a leading `*`, which is never an apex. Not the top-level
 * domain: where the search ends there, the zone is not delegated, and the servers of a registry are not to be
 * polled for that.
 */
function possibleApexes(fqdn: Fqdn): readonly string[] {
  const labels = fqdnToWire(fqdn).replace(/^\*\./, "").split(".");
  return labels.slice(0, -1).map((_, depth) => labels.slice(depth).join("."));
}

/**
 * Whether a name with NS records is the apex of a zone: it also has a SOA record of its own. Without one, the
 * NS records are a delegation to nobody; and of an alias, the resolver tells the records of its target.
 */
async function isApex(resolver: Resolver, name: string): Promise<boolean> {
  const [soas, aliases] = await Promise.all([
    found(resolver.resolveSoa(name).then((soa) => [soa])),
    found(resolver.resolveCname(name)),
  ]);
  return soas.length > 0 && aliases.length === 0;
}

async function locateAll(
  resolver: Resolver,
  zone: string,
  nameServers: readonly string[],
): Promise<Authority> {
  const located = await Promise.all(nameServers.map((name) => locate(resolver, name)));
  const servers = located.filter((server) => typeof server !== "string");
  const problems = located.filter((server) => typeof server === "string");
  if (servers.length > 0) return { state: "known", zone, servers, problems };
  return { state: "unavailable", reason: `the name servers of ${zone} are nowhere: ${problems.join("; ")}` };
}

/** The server with its addresses, or why there are none. */
async function locate(resolver: Resolver, name: string): Promise<NameServer | string> {
  const lookups = await Promise.allSettled([found(resolver.resolve4(name)), found(resolver.resolve6(name))]);
  const hosts = lookups.flatMap((lookup) => (lookup.status === "fulfilled" ? lookup.value : []));
  if (hosts.length > 0) return { name, addresses: hosts.map((host) => ({ host, port: DNS_PORT })) };
  const failure = lookups.find((lookup) => lookup.status === "rejected");
  return failure ? `${name}: ${failure.reason.message}` : `${name} has no address`;
}

/** What the resolver found; nothing where it says that there is nothing. */
async function found<T>(lookup: Promise<T[]>): Promise<T[]> {
  try {
    return await lookup;
  } catch (error) {
    if (isResolverError(error) && NOTHING_THERE.includes(error.code)) return [];
    throw error;
  }
}

function isResolverError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && "syscall" in error;
}

function formatServer({ host, port }: ServerAddress): string {
  if (port === DNS_PORT) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
