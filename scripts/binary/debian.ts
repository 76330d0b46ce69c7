// Packages of Debian, for another machine than this.
//   node scripts/binary/debian.ts ARCHITECTURE FOLDER PACKAGE ...
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runQuietly } from "./command.ts";

export interface Fetched {
  /** Of the files of all packages. */
  readonly root: string;
  /** The package files, `NAME_VERSION_ARCHITECTURE.deb`. */
  readonly archives: readonly string[];
}

/**
 * Downloads packages and unpacks them, in the folder. Where one has the documentation of another, with the text of its
 * licence, that other comes, too. apt checks Debian's signatures.
 * With a state of its own it leaves that of the machine as it is, and any architecture will do.
 */
export function fetchDebianPackages(packages: readonly string[], debian: string, folder: string): Fetched {
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
  const root = join(folder, "root");
  mkdirSync(downloads, { recursive: true });
  const fetch = (names: readonly string[]) => {
    runQuietly(["apt-get", ...settings, "download", "-qq", ...names], { cwd: downloads });
    for (const name of readdirSync(downloads)) runQuietly(["dpkg-deb", "-x", join(downloads, name), root]);
  };
  fetch(packages);
  const missing = documentedElsewhere(root);
  if (missing.length > 0) fetch(missing);
  rmSync(state, { recursive: true });
  return { root, archives: readdirSync(downloads).map((name) => join(downloads, name)) };
}

/** The packages that links such as `usr/share/doc/libgcc-s1 -> gcc-12-base` lead to, and that are not there. */
function documentedElsewhere(root: string): readonly string[] {
  const folder = join(root, "usr", "share", "doc");
  const links = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
  const names = links.map(({ name }) => readlinkSync(join(folder, name)));
  return [...new Set(names)].filter((name) => isPackage(name) && !existsSync(join(folder, name)));
}

/** https://www.debian.org/doc/debian-policy/ch-controlfields.html#s-f-source */
const isPackage = (name: string) => /^[a-z0-9][a-z0-9+.-]+$/.test(name);

if (import.meta.main) {
  const [, , debian = "", folder = "", ...packages] = process.argv;
  process.stdout.write(`${fetchDebianPackages(packages, debian, resolve(folder)).root}\n`);
}
