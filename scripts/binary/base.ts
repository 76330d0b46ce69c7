// The Node that a binary is made of, from the npm registry.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
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
 * Fetches and unpacks the base of a target, once: later builds find it in `cacheDir`.
 * npm itself checks an archive by what the registry says of it; here it is held to what this repository says.
 */
export function fetchBase({ arch, baseIntegrity }: Target, cacheDir: string): Base {
  const name = `node-linux-${arch}-${nodeVersion}`;
  const folder = join(cacheDir, name);
  if (!existsSync(folder)) {
    const turn = `${folder}.${process.pid}`;
    mkdirSync(turn, { recursive: true });
    try {
      runQuietly(["npm", "pack", "--silent", `node-linux-${arch}@${nodeVersion}`], { cwd: turn });
      const archive = join(turn, `${name}.tgz`);
      checkIntegrity(readFileSync(archive), baseIntegrity, name);
      runQuietly(["tar", "-xzf", archive, "-C", turn, "package/bin/node", "package/LICENSE"]);
      renameSync(join(turn, "package"), folder);
    } finally {
      rmSync(turn, { recursive: true, force: true });
    }
  }
  const nodePath = join(folder, "bin", "node");
  chmodSync(nodePath, 0o755);
  return { nodePath, licencePath: join(folder, "LICENSE") };
}

/** @param expected as `dist.integrity` in the registry: the name of the hash, a hyphen and base64 */
export function checkIntegrity(archive: Uint8Array, expected: string, name: string): void {
  const found = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  if (found !== expected) throw new Error(`${name}: expected an archive of ${expected}, got ${found}`);
}
