// OpenWrt's C library is musl; Node needs GNU's. An archive has the binary and, at the places where the binary looks
// for them and OpenWrt has nothing, GNU's loader and libraries from Debian.
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Binary } from "./build-binary.ts";
import { findProgram, runQuietly } from "./command.ts";
import { fetchDebianPackages } from "./debian.ts";
import { writeDebianLicences } from "./debian-licences.ts";

/** What the dynamic section of Node names, by the package of Debian that has it. libdl and libpthread are empty now. */
const packages = ["libc6", "libstdc++6", "libgcc-s1"];
const libraries = [
  "libc.so.6",
  "libdl.so.2",
  "libgcc_s.so.1",
  "libm.so.6",
  "libpthread.so.0",
  "libstdc++.so.6",
];
const loaders = { x64: "lib64/ld-linux-x86-64.so.2", arm64: "lib/ld-linux-aarch64.so.1" };

interface Folders {
  readonly temporaryDir: string;
}

/**
 * Writes `update-route53-openwrt-ARCH.tar` for each binary, into the temporary folder; gives the paths. Needs a Debian (or what has its apt), not its root.
 * The libraries are those of the day, with their security fixes: of two builds on one day the archives are the same.
 */
export function buildOpenwrtArchives(binaries: readonly Binary[], folders: Folders): readonly string[] {
  if (findProgram("apt-get") === undefined) {
    throw new Error(
      "--openwrt: expected apt-get, which fetches the libraries from Debian and checks its signatures",
    );
  }
  return binaries.map((binary) => buildArchive(binary, folders));
}

function buildArchive({ target, path }: Binary, { temporaryDir }: Folders): string {
  const fetchDir = join(temporaryDir, `debian-${target.arch}`);
  // base-files has the texts of the licences that the others only name.
  const fetched = fetchDebianPackages([...packages, "base-files"], target.debian, fetchDir);
  const unpacked = fetched.root;
  const folder = join(temporaryDir, `openwrt-${target.arch}`);
  const place = (from: string, to: string) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    copyFileSync(from, join(folder, to));
    chmodSync(join(folder, to), 0o755);
  };
  const triplet = `${target.machine}-linux-gnu`;
  place(path, "usr/bin/update-route53");
  for (const name of libraries) place(findLibrary(unpacked, triplet, name), `lib/${triplet}/${name}`);
  place(join(unpacked, loaders[target.arch]), loaders[target.arch]);
  writeDebianLicences(packages, fetched, join(folder, "usr/share/doc/update-route53"));
  const archive = join(temporaryDir, `update-route53-openwrt-${target.arch}.tar`);
  // Files only: on OpenWrt /lib64 is a link to /lib, and an entry of a folder would take its place.
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const sameEverywhere = ["--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  runQuietly(["tar", ...sameEverywhere, "-C", folder, "-cf", archive, ...files]);
  return archive;
}

function findLibrary(unpacked: string, triplet: string, name: string): string {
  const folders = [`lib/${triplet}`, `usr/lib/${triplet}`].map((folder) => join(unpacked, folder));
  const folder = folders.find((each) => listed(each).includes(name));
  if (folder === undefined) throw new Error(`${name}: expected it in one of ${packages.join(", ")}`);
  return join(folder, name);
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
