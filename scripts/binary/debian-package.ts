// What a package of Debian says of itself, for the licences and for the bill of materials.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseEnv } from "node:util";
import { quote } from "../../lambda/contract/refusal.ts";
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
  /** Of the source package, as Debian names it. */
  readonly source: { readonly name: string; readonly version: string };
  /** Such as `bookworm`. */
  readonly codename: string;
}

/**
 * Reads one of the fetched packages; base-files must be among them, which has the name of the distribution.
 * @throws where that is another than Debian
 */
export function readDebianPackage({ name, licence }: Wanted, { root, archives }: Fetched): DebianPackage {
  const why = whyNotDebian(root);
  if (why !== undefined) throw new Error(`base-files: ${why}`);
  const path = archives.find((each) => basename(each).startsWith(`${name}_`));
  if (path === undefined) throw new Error(`${name}: expected it among the fetched packages`);
  const field = (key: string) => runQuietly(["dpkg-deb", "--field", path, key]).trim();
  const version = field("Version");
  // https://www.debian.org/doc/debian-policy/ch-controlfields.html#s-f-source: with a version where it differs.
  const [, source = name, sourceVersion = version] = /^(\S+)(?: \((.+)\))?$/.exec(field("Source")) ?? [];
  return {
    name,
    licence,
    version,
    architecture: field("Architecture"),
    sha256: createHash("sha256").update(readFileSync(path)).digest("hex"),
    source: { name: source, version: sourceVersion },
    codename: readRelease(root).VERSION_CODENAME ?? "",
  };
}

/**
 * Why a root is not Debian's own; undefined where it is. Others have its apt, and packages that they have changed: of
 * those it would not be true that their source is Debian's.
 */
export function whyNotDebian(root: string): string | undefined {
  const { ID = "" } = readRelease(root);
  return ID === "debian" ? undefined : `/etc/os-release: expected ID=debian, got ${quote(ID)}`;
}

/** https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
function readRelease(root: string): NodeJS.Dict<string> {
  const path = join(root, "etc", "os-release");
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}

/** By what it can be found in every archive of Debian. */
export const tellSource = ({ source }: DebianPackage): string =>
  `its source is Debian's source package ${source.name} ${source.version}`;
