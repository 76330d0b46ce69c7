// What programs of any kind cost, measured alike and in turn.
import { fileURLToPath } from "node:url";
import { runCommand } from "../binary/built.ts";
import { findProgram } from "../binary/command.ts";
import { median } from "./median.ts";

export const ROUNDS = 15;
const meter = fileURLToPath(new URL("meter.py", import.meta.url));

export interface Subject {
  readonly name: string;
  readonly command: readonly string[];
}

export interface Cost {
  /** User and system. */
  readonly cpuMs: number;
  readonly peakMiB: number;
}

export function whyNoMeter(): string | undefined {
  return findProgram("python3") ? undefined : "there is no python3 to measure with";
}

/** The median costs by name, in the order given. Round by round, so that what else the machine does is shared by all. */
export async function measureAll(
  subjects: readonly Subject[],
  environment: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, Cost>> {
  const costs = new Map(subjects.map(({ name }) => [name, [] as Cost[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, command } of subjects) costs.get(name)?.push(await measure(command, environment));
  }
  const medians = [...costs].map(([name, all]): [string, Cost] => [
    name,
    { cpuMs: median(all.map(({ cpuMs }) => cpuMs)), peakMiB: median(all.map(({ peakMiB }) => peakMiB)) },
  ]);
  return new Map(medians);
}

async function measure(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<Cost> {
  const python = findProgram("python3") ?? "";
  const { stdout, stderr } = await runCommand([python, meter, ...command], environment);
  const [cpuMs = Number.NaN, peakKiB = 0, exitCode] = stdout.split(" ").map(Number);
  if (exitCode !== 0)
    throw new Error(`${command.join(" ")}: expected exit code 0, got ${exitCode} ${stderr}`);
  return { cpuMs, peakMiB: peakKiB / 1024 };
}
