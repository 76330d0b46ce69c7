// What a package of Debian says of itself, for the licences and for the bill of materials.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseEnv } from "node:util";
import { runQuietly } from "./command.ts";
import type { Fetched } from "./debian.ts";

export interface Wanted {
  readonly name: string;
  /** An SPDX expression: what most of it is under, as its copyright file says. */
  readonly licence: string;
}

export interface DebianPackage extends Wanted {
  readonly version: string;
  /** As Debian names it. */
  readonly architecture: string;
  /** Of the package file, in hexadecimal. */
  readonly sha256: string;
  readonly source: { readonly name: string; readonly version: string; readonly url: string };
  /** Such as `debian` and `bookworm`. */
  readonly release: { readonly id: string; readonly codename: string };
}

/** Reads one of the fetched packages; base-files must be among them, which has the name of the distribution. */
export function readDebianPackage({ name, licence }: Wanted, { root, archives }: Fetched): DebianPackage {
  const path = archives.find((each) => basename(each).startsWith(`${name}_`));
  if (path === undefined) throw new Error(`${name}: expected it among the fetched packages`);
  const field = (key: string) => runQuietly(["dpkg-deb", "--field", path, key]).trim();
  const version = field("Version");
  // https://www.debian.org/doc/debian-policy/ch-controlfields.html#s-f-source: with a version where it differs.
  const [, source = name, sourceVersion = version] = /^(\S+)(?: \((.+)\))?$/.exec(field("Source")) ?? [];
  const url = `https://snapshot.debian.org/package/${source}/${sourceVersion}/`;
  const { ID = "", VERSION_CODENAME = "" } = parseEnv(
    readFileSync(join(root, "usr", "lib", "os-release"), "utf8"),
  );
  return {
    name,
    licence,
    version,
    architecture: field("Architecture"),
    sha256: createHash("sha256").update(readFileSync(path)).digest("hex"),
    source: { name: source, version: sourceVersion, url },
    release: { id: ID, codename: VERSION_CODENAME },
  };
}
