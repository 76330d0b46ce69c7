// The bundle that is deployed, in AWS's own runtime client, next to a local Route 53.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KinesisStreamEvent } from "aws-lambda";
import type { SettingsDocument } from "../../../lambda/settings.ts";
import { buildLambda } from "../../build-lambda.ts";
import { type FunctionOptions, type LocalFunction, startFunction } from "../../local/lambda/runtime.ts";
import {
  type Route53,
  type Route53Call,
  type Route53Options,
  startRoute53,
} from "../../local/route53/server.ts";
import { zoneWithId } from "../../local/route53/store.ts";

/** What came of one invocation. */
export interface Invoked {
  /** What the function answered, or the error that Lambda made of it. */
  readonly answer: unknown;
  readonly calls: readonly Route53Call[];
  /** The lines of its log that say what became of something. */
  readonly told: readonly Readonly<Record<string, unknown>>[];
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
}

export interface DeployedBundle {
  /** Where the bundle and its settings are. */
  readonly folder: string;
  readonly route53: Route53;
  /** Invokes the function, or one that differs in these options and is gone afterwards. */
  invoke(event: KinesisStreamEvent, options?: Partial<FunctionOptions>): Promise<Invoked>;
  /** The addresses that a zone holds for a name: `60 A 81.2.3.4`. */
  heldBy(zoneId: string, fqdn: string): string[];
  close(): Promise<void>;
}

/** Builds the bundle, puts the settings beside it and starts a Route 53 for it. */
export async function deployBundle(
  settings: SettingsDocument,
  options: Route53Options,
): Promise<DeployedBundle> {
  const folder = await mkdtemp(join(tmpdir(), "update-route53-"));
  const bundlePath = await buildLambda(folder);
  await writeFile(join(folder, "settings.json"), JSON.stringify(settings));
  const route53 = await startRoute53(options);
  let logged: string[] = [];
  const start = (changed: Partial<FunctionOptions>) =>
    startFunction({
      bundlePath,
      handler: "index.handler",
      functionName: "updater",
      timeoutMs: 10_000,
      memoryMb: 256,
      region: "eu-west-1",
      environment: { AWS_ENDPOINT_URL_ROUTE_53: route53.url },
      onLog: (line) => logged.push(line),
      ...changed,
    });
  const usual = await start({});

  async function invokeOn(local: LocalFunction, event: KinesisStreamEvent): Promise<Invoked> {
    const before = route53.calls.length;
    logged = [];
    const result = await local.invoke(event);
    const lines = result.ok ? logged.map((line) => JSON.parse(line) as Record<string, unknown>) : [];
    return {
      answer: result.ok ? result.payload : `${result.errorType}: ${result.errorMessage}`,
      calls: route53.calls.slice(before),
      told: lines.filter((line) => "outcome" in line),
      metrics: lines.filter((line) => "_aws" in line),
    };
  }

  return {
    folder,
    route53,
    async invoke(event, changed) {
      if (!changed) return invokeOn(usual, event);
      const other = await start(changed);
      return invokeOn(other, event).finally(other.close);
    },
    heldBy(zoneId, fqdn) {
      const rrsets = zoneWithId(route53.store, zoneId).rrsetsByName.get(fqdn);
      const texts = Array.from(
        rrsets?.values() ?? [],
        ({ type, ttlSeconds, values }) => `${ttlSeconds} ${type} ${values}`,
      );
      return texts.filter((text) => /^\d+ A/.test(text)).toSorted();
    },
    async close() {
      await usual.close();
      await route53.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What the log tells of each name: `refused name-not-allowed home.example.com`. */
export function outcomesIn({ told }: Invoked): string[] {
  return told.flatMap(({ outcome, reason, fqdn }) =>
    fqdn ? [[outcome, reason, fqdn].filter((part) => part !== undefined).join(" ")] : [],
  );
}
