import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import type { SettingValues } from "../config/settings.ts";
import { boundAddress } from "../detect/sources.ts";
import type { Check } from "./check-device.ts";
import { type EndpointFacts, judgeEndpoint } from "./judge-endpoint.ts";
import { judgeResolver } from "./judge-resolver.ts";
import { judgeRight, type RightFacts } from "./judge-right.ts";
import { judgeClock } from "./judge-state.ts";
import { type Endpoint, findEndpoint, lookAtEndpoint, lookUp } from "./look-at-endpoint.ts";
import { type Configuration, lookAtCredentials } from "./look-at-files.ts";
import { lookAtRight } from "./look-at-right.ts";

export interface StreamCheckOptions {
  readonly signal: AbortSignal;
  /** The addresses of the resolvers that the system names. */
  readonly resolvers: readonly string[];
  readonly now: () => number;
  /** When this program was built. */
  readonly earliestMs: number;
}

/** What lies between this device and the stream. The endpoint is looked for and asked once for all. */
export function streamChecks(configuration: Configuration, options: StreamCheckOptions): readonly Check[] {
  const { settings } = configuration;
  const { signal, resolvers, now, earliestMs } = options;
  const localAddress = boundAddress(settings, "ipv4") ?? boundAddress(settings, "ipv6");
  const endpoint = findEndpoint(settings.region, settings.stream ?? "");
  const asked = endpoint.then((found) => ask(found, configuration.path, { signal, localAddress }));
  return [
    {
      name: "clock",
      async run() {
        const facts = await asked;
        const dateMs = facts.kind === "answered" ? facts.dateMs : undefined;
        const server =
          facts.kind === "answered" && dateMs !== undefined ? { dateMs, nowMs: facts.nowMs } : undefined;
        return [judgeClock({ nowMs: now(), earliestMs, server })];
      },
    },
    {
      name: "resolver",
      async run() {
        const found = await endpoint;
        const [first] = settings.domains ?? [];
        const [ofEndpoint, ofDomain] = await Promise.all([
          "url" in found ? lookUp(found.url.hostname, signal) : undefined,
          first && lookUp(fqdnToWire(first.fqdn), signal),
        ]);
        return [judgeResolver({ servers: resolvers, endpoint: ofEndpoint, domain: ofDomain })];
      },
    },
    { name: "endpoint", run: async () => [judgeEndpoint(await asked)] },
    {
      name: "right to publish",
      async run() {
        const facts = await lookAtRightOf(configuration, await endpoint, { signal, localAddress });
        return [judgeRight(settings.stream ?? "", facts)];
      },
    },
  ];
}

interface AskOptions {
  readonly signal: AbortSignal;
  readonly localAddress: string | undefined;
}

async function ask(
  endpoint: Endpoint,
  configPath: string | undefined,
  options: AskOptions,
): Promise<EndpointFacts> {
  if ("url" in endpoint) return lookAtEndpoint(endpoint.url, options);
  return "missing" in endpoint ? { kind: "noRegion", configPath } : { kind: "nowhere", ...endpoint };
}

async function lookAtRightOf(
  { settings, path, failure }: Configuration,
  endpoint: Endpoint,
  options: AskOptions,
): Promise<RightFacts> {
  if (failure) return { kind: "unasked", reason: "the configuration cannot be read" };
  if (!("url" in endpoint)) return { kind: "unasked", reason: "where the stream is, is not known" };
  const loaded = lookAtCredentials(settings, path);
  if ("failure" in loaded) return { kind: "failed", failure: loaded.failure };
  const { stream = "", region }: SettingValues = settings;
  const { credentials } = loaded;
  return lookAtRight({ endpoint: endpoint.url, stream, region, credentials, configPath: path, ...options });
}
