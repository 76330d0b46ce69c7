// Runs a Pulumi program as `pulumi up` does, with the runner that it starts, against an engine on this machine.
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { LOCAL_ACCOUNT_ID } from "../lambda/environment.ts";
import type { RegisteredResource, StackOutput } from "./graph.ts";
import type { CloudState } from "./invokes.ts";
import { type ProgramFolder, readProject } from "./project.ts";
import { startEngineServer } from "./server.ts";
import { createEngine, type LogEntry } from "./service.ts";

const RUNNER = fileURLToPath(import.meta.resolve("@pulumi/pulumi/cmd/run/index.js"));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PARALLEL = 16;

/** Text as in a stack's file; anything else as `pulumi config set --path` would write it; a secret as `{ secret }`. */
export type ConfigValue = unknown;

export interface ProgramOptions {
  /** Keys without a namespace are the project's. `aws:region` says where the resources are. */
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly stack?: string;
  /** What `pulumi preview` does: nothing is created, so what the cloud makes up is unknown. */
  readonly isPreview?: boolean;
  /** The folder of `Pulumi.yaml`. This project's by default. */
  readonly projectFolder?: string;
  /** The hosted zones that exist, by name; their ids. */
  readonly zones?: CloudState["zones"];
  readonly privateZones?: CloudState["privateZones"];
}

export interface ProgramResult {
  /** In the order of their registration. */
  readonly resources: readonly RegisteredResource[];
  readonly outputs: ReadonlyMap<string, StackOutput>;
  /** What `pulumi up` would print under "Diagnostics". */
  readonly log: readonly LogEntry[];
  /** 0, 1, or 32 where the log says why. */
  readonly exitCode: number | null;
  /** What the program wrote itself. */
  readonly printed: string;
  /** What the paths of its assets start from. */
  readonly workingFolder: string;
}

const DEFAULT_REGION = "eu-west-1";

/** Runs the program to its end. Does not reject where the program fails: that is in the result. */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const { stack = "local", isPreview = false, projectFolder = ROOT, zones = {} } = options;
  const folder = await readProject(projectFolder);
  const config = { "aws:region": DEFAULT_REGION, ...options.config };
  const { privateZones = {} } = options;
  const cloud = {
    accountId: LOCAL_ACCOUNT_ID,
    region: String(config["aws:region"]),
    zones,
    privateZones,
  };
  const engine = createEngine({ stack, project: folder.name, isPreview, cloud });
  const server = await startEngineServer(engine);
  try {
    const flags = [`--stack=${stack}`, ...(isPreview ? ["--dry-run"] : [])];
    const run = await runRunner(
      folder,
      [...flags, ...addresses(server.address)],
      encodeConfig(config, folder),
    );
    const { resources, outputs, log } = engine.state;
    const { workingFolder } = folder;
    return { resources: [...resources.values()], outputs, log, ...run, workingFolder };
  } finally {
    server.close();
  }
}

function addresses(address: string): string[] {
  return [`--monitor=${address}`, `--engine=${address}`];
}

async function runRunner(folder: ProgramFolder, flags: readonly string[], config: NodeJS.ProcessEnv) {
  const where = [
    `--project=${folder.name}`,
    "--organization=organization",
    `--root-directory=${folder.root}`,
  ];
  const runnerFlags = [...where, ...flags, `--pwd=${folder.workingFolder}`, `--parallel=${PARALLEL}`];
  const child = spawn(
    process.execPath,
    [...folder.nodeArguments, RUNNER, ...runnerFlags, folder.entryPoint],
    {
      cwd: folder.workingFolder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        // The library of AWS's resources is large: without the cache it takes a second more to load.
        NODE_COMPILE_CACHE: fileURLToPath(new URL("../../../.cache/pulumi", import.meta.url)),
        PULUMI_NODEJS_TYPESCRIPT: String(folder.isTypeScriptCompiled),
        ...config,
      },
    },
  );
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { printed: stdout + stderr, exitCode };
}

/** As the language host hands a stack's configuration to the program. */
function encodeConfig(config: ProgramOptions["config"], { name }: ProgramFolder): NodeJS.ProcessEnv {
  const entries = Object.entries(config).map(([key, value]) => {
    const secret = isSecretValue(value);
    const plain = secret ? value.secret : value;
    const full = key.includes(":") ? key : `${name}:${key}`;
    return { full, secret, text: typeof plain === "string" ? plain : JSON.stringify(plain) };
  });
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(entries.map(({ full, text }) => [full, text]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(entries.flatMap(({ full, secret }) => (secret ? [full] : []))),
  };
}

function isSecretValue(value: ConfigValue): value is { readonly secret: unknown } {
  return typeof value === "object" && value !== null && Object.keys(value).join() === "secret";
}
