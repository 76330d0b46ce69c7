// Puts the agent into a Node: a single executable application, made by pkg.
// https://nodejs.org/api/single-executable-applications.html
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runQuietly } from "./command.ts";
import { nodeFlags, nodeVersion, type Target } from "./targets.ts";

const lockFolder = fileURLToPath(new URL("pkg", import.meta.url));
const runner = fileURLToPath(new URL("run-pkg.ts", import.meta.url));

/** Installs pkg as locked, once for each lock file, in a folder of its own: no other command needs its packages. */
export function installPkg(cacheDir: string): string {
  const lock = readFileSync(join(lockFolder, "package-lock.json"));
  const folder = join(cacheDir, `pkg-${createHash("sha256").update(lock).digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const turn = `${folder}.${process.pid}`;
  cpSync(lockFolder, turn, { recursive: true });
  try {
    runQuietly(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: turn,
    });
    renameSync(turn, folder);
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
  return folder;
}

export interface Executable {
  readonly target: Target;
  /** The Node that it is to be. */
  readonly nodePath: string;
  /** What it runs. */
  readonly mainPath: string;
  /** What it can read of itself: names, and the paths of their contents. */
  readonly assets: Readonly<Record<string, string>>;
  readonly outPath: string;
}

/**
 * Makes an executable, in a folder that is its own and may be removed afterwards.
 * pkg looks for its base in a cache in the home directory and would else download it from nodejs.org. So it gets a
 * home directory where the base is, marked as checked. What it makes depends on nothing but the executable's parts:
 * the one path that Node keeps in it, that of the main file, is a relative one.
 */
export function makeExecutable(executable: Executable, pkgFolder: string, folder: string): void {
  const { target, nodePath, mainPath, assets, outPath } = executable;
  const cache = join(folder, ".pkg-cache", "sea");
  const name = `node-v${nodeVersion}-linux-${target.arch}`;
  mkdirSync(join(cache, name, "bin"), { recursive: true });
  cpSync(nodePath, join(cache, name, "bin", "node"));
  for (const marker of [`${name}.tar.gz`, `${name}.tar.gz.ok`, `${name}/bin/node.ok`]) {
    writeFileSync(join(cache, marker), "");
  }
  cpSync(mainPath, join(folder, "main.js"));
  const task: PkgTask = {
    pkgFolder,
    mainPath: join(folder, "main.js"),
    target: { nodeRange: `node${nodeVersion}`, platform: "linux", arch: target.arch, output: outPath },
    seaConfig: {
      // pkg works in a temporary folder inside this one.
      main: "../main.js",
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      useCodeCache: false,
      execArgv: nodeFlags,
      assets,
    },
  };
  const environment = { HOME: folder, TMPDIR: folder };
  runQuietly([process.execPath, runner, JSON.stringify(task)], { environment });
}

/** What scripts/binary/run-pkg.ts is asked to do, as its one argument. */
export interface PkgTask {
  readonly pkgFolder: string;
  readonly mainPath: string;
  readonly target: {
    readonly nodeRange: string;
    readonly platform: "linux";
    readonly arch: string;
    readonly output: string;
  };
  readonly seaConfig: {
    readonly main: string;
    readonly disableExperimentalSEAWarning: boolean;
    readonly useSnapshot: boolean;
    readonly useCodeCache: boolean;
    readonly execArgv: readonly string[];
    readonly assets: Readonly<Record<string, string>>;
  };
}
