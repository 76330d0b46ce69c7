// The Node that a binary is made of, from the npm registry.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./command.ts";
import { nodeVersion, type Target } from "./targets.ts";

export interface Base {
  /** Of Node's own executable, as its makers built it. */
  readonly nodePath: string;
  /** Of the licences of Node and of all that is in it. */
  readonly licencePath: string;
}

/**
 * Fetches the base of a target into `cacheDir`, once, and unpacks it into a folder for this build alone.
 * npm itself checks an archive by what the registry says of it; here it is held to what this repository says, and at
 * every build, whoever had the cache since.
 */
export function fetchBase({ arch, baseIntegrity }: Target, cacheDir: string, folder: string): Base {
  const name = `node-linux-${arch}-${nodeVersion}.tgz`;
  const archive = join(cacheDir, name);
  if (!existsSync(archive)) {
    const turn = `${archive}.${process.pid}`;
    mkdirSync(turn, { recursive: true });
    try {
      runQuietly(["npm", "pack", "--silent", `node-linux-${arch}@${nodeVersion}`], { cwd: turn });
      renameSync(join(turn, name), archive);
    } finally {
      rmSync(turn, { recursive: true, force: true });
    }
  }
  checkIntegrity(archive, baseIntegrity);
  mkdirSync(folder, { recursive: true });
  runQuietly(["tar", "-xzf", archive, "-C", folder, "package/bin/node", "package/LICENSE"]);
  return {
    nodePath: join(folder, "package", "bin", "node"),
    licencePath: join(folder, "package", "LICENSE"),
  };
}

/** @param expected as `dist.integrity` in the registry: the name of the hash, a hyphen and base64 */
function checkIntegrity(path: string, expected: string): void {
  const found = `sha512-${createHash("sha512").update(readFileSync(path)).digest("base64")}`;
  if (found === expected) return;
  throw new Error(`${path}: expected ${expected}, got ${found}: remove it, and it is fetched again`);
}
