// The local cloud as the Pulumi program describes it, with IAM between its parts.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudPlan, planCloud } from "./cloud-plan.ts";
import { type DnsServer, startDnsServer } from "./dns/server.ts";
import { writeArchive } from "./engine/archive.ts";
import type { ProgramResult } from "./engine/engine.ts";
import type { InvocationRecord } from "./event-source-mapping/encode.ts";
import {
  type EventSourceMapping,
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from "./event-source-mapping/event-source-mapping.ts";
import { checkMappingRole } from "./event-source-mapping/role.ts";
import { sessionOfRole, usersByAccessKey } from "./iam/principals.ts";
import { startKinesisGuard } from "./kinesis/guard.ts";
import { type LocalKinesis, startKinesis } from "./kinesis/kinesis.ts";
import { type LocalFunction, startFunction } from "./lambda/runtime.ts";
import { createRoute53Guard } from "./route53/authorization.ts";
import { type Route53, startRoute53 } from "./route53/server.ts";

export interface CloudOptions {
  readonly program: ProgramResult;
  /** The hosted zones that exist, by name; their ids. Those that the program was run with. */
  readonly zones: Readonly<Record<string, string>>;
  /** What the poller could not do. */
  readonly onProblem?: (message: string) => void;
  readonly onBatch?: EventSourceMappingOptions["onBatch"];
  readonly onLog?: (line: string) => void;
}

export interface LocalCloud {
  /** As devices see it: its `url` is that of the guard. */
  readonly kinesis: LocalKinesis;
  readonly route53: Route53;
  readonly nameServer: DnsServer;
  readonly function: LocalFunction;
  readonly mapping: EventSourceMapping;
  /** The messages on the queue for what the function could not do. */
  readonly failures: readonly InvocationRecord[];
  readonly close: () => Promise<void>;
}

/** The access key id that every execution environment has: `lambda-environment.ts` gives it to the function. */
const FUNCTION_ACCESS_KEY_ID = "local";

/**
 * Starts what the program registered. The calls of devices and of the function are checked against its policies;
 * `kinesis.url` is what devices call.
 * @throws where the program failed, or describes what the local cloud does not have
 */
export async function startCloud(options: CloudOptions): Promise<LocalCloud> {
  const { program } = options;
  if (program.exitCode !== 0) {
    const errors = program.log.filter(({ severity }) => severity === "error").map(({ message }) => message);
    throw new Error([...errors, program.printed].filter(Boolean).join("\n"));
  }
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  const started: Started = (starting) => {
    // At once: what starts beside it may fail first.
    closers.push(() =>
      starting.then(
        (part) => part.close(),
        () => {},
      ),
    );
    return starting;
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "update-route53-"));
    closers.push(() => rm(folder, { recursive: true }));
    return { ...(await startParts(options, folder, started)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Remembers to close what is being started. */
type Started = <T extends { close(): Promise<void> }>(starting: Promise<T>) => Promise<T>;

async function startParts(options: CloudOptions, folder: string, started: Started) {
  const { program, zones } = options;
  const plan = planCloud(program);
  const users = usersByAccessKey(program.resources);
  const { role: roleArn, name: functionName } = plan.function;
  const role = sessionOfRole(program.resources, { roleArn, functionName });
  const principalOf = (key: string) => (key === FUNCTION_ACCESS_KEY_ID ? role : users.get(key));

  await checkMappingRole(role, { streamArn: plan.stream.arn, queueArn: plan.queueArn });
  const hostedZones = Object.entries(zones).map(([name, id]) => ({ name, id }));
  const [kinesis, route53] = await Promise.all([
    started(startKinesis({ streams: [plan.stream], region: plan.region })),
    started(startRoute53({ zones: hostedZones, beforeCall: createRoute53Guard(principalOf) })),
    writeArchive(plan.function.code, { folder, workingFolder: program.workingFolder }),
  ]);
  const guard = await started(startKinesisGuard(kinesis, (key) => users.get(key)));
  const nameServer = await started(startDnsServer({ store: route53.store }));
  const local = await started(startPlannedFunction(plan, { folder, route53Url: route53.url, ...options }));
  const failures: InvocationRecord[] = [];
  const mapping = await started(
    startEventSourceMapping({
      kinesis,
      streamName: plan.stream.name,
      function: local,
      settings: plan.mapping,
      executionRoleArn: roleArn,
      ...(options.onBatch && { onBatch: options.onBatch }),
      ...(options.onProblem && { onProblem: options.onProblem }),
      // That the role may send was checked above, and no policy changes.
      onFailureDestination(invocationRecord) {
        if (plan.queueArn !== undefined) failures.push(invocationRecord);
      },
    }),
  );
  return { kinesis: { ...kinesis, url: guard.url }, route53, nameServer, function: local, mapping, failures };
}

function startPlannedFunction(
  { function: planned, region }: CloudPlan,
  { folder, route53Url, onLog }: { folder: string; route53Url: string } & Pick<CloudOptions, "onLog">,
) {
  const { name, handler, timeout, memorySize, environment, loggingConfig } = planned;
  const { reservedConcurrentExecutions: reservedConcurrency } = planned;
  return startFunction({
    bundlePath: join(folder, `${handler.split(".")[0]}.mjs`),
    handler,
    functionName: name,
    timeoutMs: timeout * 1000,
    memoryMb: memorySize,
    region,
    logFormat: loggingConfig?.logFormat ?? "Text",
    environment: { ...environment?.variables, AWS_ENDPOINT_URL_ROUTE_53: route53Url },
    // -1 is Pulumi's word for none.
    ...(reservedConcurrency !== undefined && reservedConcurrency >= 0 && { reservedConcurrency }),
    ...(onLog && { onLog }),
  });
}
