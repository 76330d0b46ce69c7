// Functions for tests: each is a bundle file in a temporary folder.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FunctionError } from "./result.ts";
import { type FunctionOptions, type LocalFunction, startFunction } from "./runtime.ts";

const folders = new Set<string>();
const running = new Set<LocalFunction>();

/** Writes a bundle, and resolves with its path. `source` without an export is the body of its handler. */
export async function writeBundle(source: string): Promise<string> {
  const taskRoot = await mkdtemp(join(tmpdir(), "local-lambda-"));
  folders.add(taskRoot);
  const bundlePath = join(taskRoot, "index.mjs");
  const handler = `export const handler = async (event, context) => {${source}};`;
  await writeFile(bundlePath, source.includes("export ") ? source : handler);
  return bundlePath;
}

export async function start(source: string, options: Partial<FunctionOptions> = {}): Promise<LocalFunction> {
  const local = await startFunction({
    bundlePath: await writeBundle(source),
    handler: "index.handler",
    functionName: "updater",
    timeoutMs: 5000,
    memoryMb: 128,
    region: "eu-west-1",
    environment: {},
    ...options,
  });
  running.add(local);
  return local;
}

/** The result of the only invocation of a new function. Its request ID is `ID` in messages. */
export async function invokeOnce(
  source: string,
  options: Partial<FunctionOptions> = {},
  event: unknown = {},
) {
  const local = await start(source, options);
  const { requestId, ...result } = await local.invoke(event);
  await local.close();
  if (result.ok) return result;
  return { ...result, errorMessage: result.errorMessage.replace(requestId, "ID") };
}

export function failure(errorType: string, errorMessage: string): FunctionError {
  return { ok: false, errorType, errorMessage };
}

/** Whether the process runs. One that has ended but that its parent has not asked about yet does not. */
export function isAlive(pid: number): boolean {
  const state = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
  return state !== "" && !state.startsWith("Z");
}

/** Closes what `start` started and removes what `writeBundle` wrote. */
export async function cleanUp(): Promise<void> {
  await Promise.all(Array.from(running, (local) => local.close()));
  await Promise.all(Array.from(folders, (folder) => rm(folder, { recursive: true })));
  running.clear();
  folders.clear();
}
