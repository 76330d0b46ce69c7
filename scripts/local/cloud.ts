// The whole cloud side on this machine: stream, function, Route 53 and name server, joined as in AWS.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stop as stopEsbuild } from "esbuild";
import type { SettingsDocument } from "../../lambda/settings.ts";
import { buildLambda } from "../build-lambda.ts";
import { type DnsServer, startDnsServer } from "./dns-server.ts";
import {
  type EventSourceMapping,
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from "./event-source-mapping.ts";
import { type LocalKinesis, startKinesis } from "./kinesis.ts";
import { type LocalFunction, startFunction } from "./lambda-runtime.ts";
import { type Route53, startRoute53 } from "./route53-server.ts";

export const LOCAL_REGION = "eu-west-1";
export const LOCAL_STREAM = "update-route53";
const FUNCTION_TIMEOUT_MS = 60_000;

export interface CloudOptions {
  /** What the function may do; it says which zones there are. */
  readonly settings: SettingsDocument;
  readonly onBatch?: EventSourceMappingOptions["onBatch"];
  readonly onLog?: (line: string) => void;
}

export interface LocalCloud {
  readonly kinesis: LocalKinesis;
  readonly route53: Route53;
  readonly nameServer: DnsServer;
  readonly function: LocalFunction;
  readonly mapping: EventSourceMapping;
  readonly close: () => Promise<void>;
}

/** Starts everything, or nothing: what has started is ended where something after it fails. */
export async function startCloud({ settings, onBatch, onLog }: CloudOptions): Promise<LocalCloud> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  const started = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const part = await starting;
    closers.push(() => part.close());
    return part;
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "update-route53-"));
    closers.push(() => rm(folder, { recursive: true }));
    const [kinesis, route53, bundlePath] = await Promise.all([
      started(startKinesis({ streams: [{ name: LOCAL_STREAM, shards: 1 }], region: LOCAL_REGION })),
      started(startRoute53({ zones: settings.zones })),
      // esbuild's own process would otherwise live as long as this one.
      buildLambda(folder).finally(stopEsbuild),
      writeFile(join(folder, "settings.json"), JSON.stringify(settings)),
    ]);
    const nameServer = await started(startDnsServer({ store: route53.store }));
    const local = await started(
      startFunction({
        bundlePath,
        handler: "index.handler",
        functionName: LOCAL_STREAM,
        timeoutMs: FUNCTION_TIMEOUT_MS,
        memoryMb: 256,
        region: LOCAL_REGION,
        environment: { AWS_ENDPOINT_URL_ROUTE_53: route53.url },
        ...(onLog && { onLog }),
      }),
    );
    const mapping = await started(
      startEventSourceMapping({
        kinesis,
        streamName: LOCAL_STREAM,
        function: local,
        settings: { startingPosition: "TRIM_HORIZON", functionResponseTypes: ["ReportBatchItemFailures"] },
        ...(onBatch && { onBatch }),
      }),
    );
    return { kinesis, route53, nameServer, function: local, mapping, close };
  } catch (error) {
    await close();
    throw error;
  }
}
