// What `pulumi up` does, as far as a laptop can: the Pulumi program's cloud, and what the stack puts out for devices.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stop as stopEsbuild } from "esbuild";
import { buildLambda } from "../build-lambda.ts";
import { type CloudOptions, type LocalCloud, startCloud } from "./cloud.ts";
import { type ProgramResult, runProgram } from "./engine/engine.ts";

export interface DeploymentOptions extends Omit<CloudOptions, "program"> {
  /** As in a stack's configuration. */
  readonly devices: readonly object[];
}

export interface Deployment {
  readonly program: ProgramResult;
  readonly cloud: LocalCloud;
  /** The configuration file of a device. */
  readonly tomlOf: (device: string) => string;
}

/** @throws where the program failed, or describes what the local cloud does not have */
export async function deploy({ devices, ...options }: DeploymentOptions): Promise<Deployment> {
  const { zones } = options;
  const folder = await mkdtemp(join(tmpdir(), "update-route53-deployment-"));
  try {
    // esbuild's own process would otherwise live as long as this one.
    const bundle = await buildLambda(folder).finally(stopEsbuild);
    const config = { zones: Object.keys(zones), devices, bundle, allowExampleNames: true };
    const program = await runProgram({ config, zones });
    const cloud = await startCloud({ ...options, program });
    return { program, cloud, tomlOf: (device) => String(program.outputs.get(`config:${device}`)?.value) };
  } finally {
    // The function's code has been copied out of it, or nothing needs it any more.
    await rm(folder, { recursive: true });
  }
}
