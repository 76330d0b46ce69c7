// OpenWrt's C library is musl; Node needs GNU's. An archive has the binary, which names the loader beside these
// libraries as its own, and GNU's loader and libraries from Debian, in a directory where nobody else looks.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Binary } from "./build-binary.ts";
import { findProgram, runQuietly } from "./command.ts";
import { fetchDebianPackages } from "./debian.ts";
import { writeDebianLicences } from "./debian-licences.ts";
import { type DebianPackage, readDebianPackage, whyNotDebian } from "./debian-package.ts";
import { setLoader } from "./loader.ts";

/** What the dynamic section of Node names, by the package of Debian that has it. libdl and libpthread are empty now. */
const packages = [
  { name: "libc6", licence: "LGPL-2.1-or-later" },
  { name: "libgcc-s1", licence: "GPL-3.0-or-later WITH GCC-exception-3.1" },
  { name: "libstdc++6", licence: "GPL-3.0-or-later WITH GCC-exception-3.1" },
];
const packageNames = packages.map(({ name }) => name);
const libraries = [
  "libc.so.6",
  "libdl.so.2",
  "libgcc_s.so.1",
  "libm.so.6",
  "libpthread.so.0",
  "libstdc++.so.6",
];
const loaders = { x64: "ld-linux-x86-64.so.2", arm64: "ld-linux-aarch64.so.1" };

/** Below it is all but the program itself: what README.md removes, and agent/install/ has its own files in. */
const HOME = "usr/lib/update-route53";
const LIBRARY_FOLDER = `${HOME}/lib`;
const LICENCE_FOLDER = `${HOME}/licences`;

interface Folders {
  readonly temporaryDir: string;
  /** THIRD-PARTY-LICENSES.txt, of what is in the binaries. */
  readonly licencesPath: string;
}

export interface Archive {
  readonly path: string;
  readonly packages: readonly DebianPackage[];
}

/** Why no archive can be made on this machine; undefined where one can. */
export function whyNoArchives(): string | undefined {
  const why = "expected apt-get, which fetches the libraries from Debian and checks its signatures";
  return findProgram("apt-get") === undefined ? why : whyNotDebian("/");
}

/**
 * Writes `update-route53-openwrt-ARCH.tar` for each binary, into the temporary folder. Needs a Debian, not its root.
 * The libraries are those of the day, with their security fixes: of two builds on one day the archives are the same.
 */
export function buildOpenwrtArchives(
  binaries: readonly Binary[],
  folders: Folders,
  tell: (line: string) => void,
): readonly Archive[] {
  return binaries.map((binary) => {
    tell(`${binary.target.arch}: making the archive for OpenWrt`);
    return buildArchive(binary, folders);
  });
}

function buildArchive({ target, path }: Binary, { temporaryDir, licencesPath }: Folders): Archive {
  const fetchDir = join(temporaryDir, `debian-${target.arch}`);
  // base-files has the texts of the licences that the others only name.
  const fetched = fetchDebianPackages([...packageNames, "base-files"], target.debian, fetchDir);
  const described = packages.map((wanted) => readDebianPackage(wanted, fetched));
  const folder = join(temporaryDir, `openwrt-${target.arch}`);
  const loader = loaders[target.arch];

  const program = join(folder, "usr/bin/update-route53");
  const own = { loader: `/${LIBRARY_FOLDER}/${loader}`, libraryFolder: `/${LIBRARY_FOLDER}` };
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, setLoader(readFileSync(path), own), { mode: 0o755 });
  mkdirSync(join(folder, LIBRARY_FOLDER), { recursive: true });
  for (const name of [loader, ...libraries]) {
    const library = findLibrary(fetched.root, `${target.machine}-linux-gnu`, name);
    copyFileSync(library, join(folder, LIBRARY_FOLDER, name));
  }
  writeDebianLicences(described, fetched.root, join(folder, LICENCE_FOLDER));
  copyFileSync(licencesPath, join(folder, LICENCE_FOLDER, "THIRD-PARTY-LICENSES.txt"));

  const archive = join(temporaryDir, `update-route53-openwrt-${target.arch}.tar`);
  pack(folder, archive);
  return { path: archive, packages: described };
}

function pack(folder: string, archive: string): void {
  // Files only: folders such as /usr are the router's, and an entry would give them another owner and mode.
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const owner = ["--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"];
  const sameEverywhere = ["--format=ustar", "--mtime=@0", ...owner];
  runQuietly(["tar", ...sameEverywhere, "-C", folder, "-cf", archive, ...files]);
}

function findLibrary(unpacked: string, triplet: string, name: string): string {
  const folders = [`lib/${triplet}`, `usr/lib/${triplet}`].map((folder) => join(unpacked, folder));
  const folder = folders.find((each) => listed(each).includes(name));
  if (folder === undefined) throw new Error(`${name}: expected it in one of ${packageNames.join(", ")}`);
  return join(folder, name);
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
