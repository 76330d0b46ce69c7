// One binary, from the agent's bundle to the file that is copied to a device.
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeCodeCaches } from "../code-cache.ts";
import { fetchBase } from "./base.ts";
import { emulatorOf } from "./emulator.ts";
import { makeExecutable } from "./sea.ts";
import { stripElf } from "./strip.ts";
import type { Target } from "./targets.ts";

const PARTS = ["always", "rest"];

export interface Workshop {
  /** Where the agent's bundle is. */
  readonly agentDir: string;
  readonly pkgFolder: string;
  /** What is fetched, and kept for later builds. */
  readonly cacheDir: string;
  /** For what is needed until the build ends. */
  readonly temporaryDir: string;
  readonly outDir: string;
}

export interface Binary {
  readonly target: Target;
  readonly path: string;
  readonly licencePath: string;
  /** Whether it has V8's compiled code in it. Without, it works the same and starts slower. */
  readonly hasCodeCache: boolean;
}

/** Makes `update-route53-linux-ARCH`; tells each stage as it starts. */
export async function buildBinary(
  target: Target,
  workshop: Workshop,
  tell: (line: string) => void,
): Promise<Binary> {
  const folder = join(workshop.temporaryDir, target.arch);
  tell(`${target.arch}: fetching the base`);
  const base = fetchBase(target, workshop.cacheDir, join(folder, "base"));
  const agent = join(folder, "agent");
  mkdirSync(folder, { recursive: true });
  cpSync(workshop.agentDir, agent, { recursive: true });
  const nodePath = join(folder, "node");
  writeFileSync(nodePath, stripElf(readFileSync(base.nodePath)), { mode: 0o755 });

  const launcher = join(agent, "update-route53.js");
  const emulator = emulatorOf(target);
  // V8's compiled code is good for the Node that made it only: that of the base is to be run.
  if (emulator) tell(`${target.arch}: making the code cache`);
  if (emulator) await writeCodeCaches(launcher, [...emulator, nodePath]);
  const files = PARTS.flatMap((part) => [`${part}.js`, ...(emulator ? [`${part}.cache`] : [])]);
  const assets = Object.fromEntries(files.map((name) => [name, join(agent, name)]));

  tell(`${target.arch}: making the executable`);
  const path = join(workshop.outDir, `update-route53-linux-${target.arch}`);
  const executable = { target, nodePath, mainPath: launcher, assets, outPath: path };
  makeExecutable(executable, workshop.pkgFolder, join(folder, "pkg"));
  chmodSync(path, 0o755);
  return { target, path, licencePath: base.licencePath, hasCodeCache: emulator !== undefined };
}
