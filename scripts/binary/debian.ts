// Packages of Debian, for another machine than this.
//   node scripts/binary/debian.ts ARCHITECTURE FOLDER PACKAGE ...
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runQuietly } from "./command.ts";

/**
 * Downloads packages and unpacks them, in the folder; gives that of their files. apt checks Debian's signatures.
 * With a state of its own it leaves that of the machine as it is, and any architecture will do.
 */
export function fetchDebianPackages(packages: readonly string[], debian: string, folder: string): string {
  const state = join(folder, "state");
  mkdirSync(join(state, "lists", "partial"), { recursive: true });
  mkdirSync(join(state, "archives", "partial"), { recursive: true });
  writeFileSync(join(state, "status"), "");
  const settings = [
    `APT::Architecture=${debian}`,
    `APT::Architectures=${debian}`,
    `Dir::State=${state}`,
    `Dir::State::lists=${join(state, "lists")}`,
    `Dir::State::status=${join(state, "status")}`,
    `Dir::Cache=${state}`,
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
  ].flatMap((setting) => ["-o", setting]);
  runQuietly(["apt-get", ...settings, "update", "-qq"]);
  const downloads = join(folder, "packages");
  mkdirSync(downloads, { recursive: true });
  runQuietly(["apt-get", ...settings, "download", "-qq", ...packages], { cwd: downloads });
  const unpacked = join(folder, "root");
  for (const name of readdirSync(downloads)) runQuietly(["dpkg-deb", "-x", join(downloads, name), unpacked]);
  rmSync(state, { recursive: true });
  return unpacked;
}

if (import.meta.main) {
  const [, , debian = "", folder = "", ...packages] = process.argv;
  process.stdout.write(`${fetchDebianPackages(packages, debian, resolve(folder))}\n`);
}
