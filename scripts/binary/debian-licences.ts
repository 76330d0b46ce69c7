// The licences of packages of Debian that are given to others, and where their source is.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runQuietly } from "./command.ts";
import type { Fetched } from "./debian.ts";

/** Where the copyright files say that the texts are. */
const named = /\/usr\/share\/common-licenses\/([\w.-]*\w)/g;

/**
 * Writes one file per package, its copyright file below a line that tells where its source is, and the licences that
 * these name, each as a file.
 */
export function writeDebianLicences(packages: readonly string[], fetched: Fetched, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const read = (path: string) => readFileSync(join(fetched.root, path), "utf8");
  const texts = packages.map((name) => ({ name, text: read(`usr/share/doc/${name}/copyright`) }));
  for (const { name, text } of texts) {
    const path = join(folder, `${name}.copyright`);
    writeFileSync(path, `${tellSource(name, fetched)}\n\n${text}`, { mode: 0o644 });
  }
  const licences = texts.flatMap(({ text }) => [...text.matchAll(named)].map(([, licence = ""]) => licence));
  for (const licence of new Set(licences)) {
    writeFileSync(join(folder, licence), read(`usr/share/common-licenses/${licence}`), { mode: 0o644 });
  }
}

function tellSource(name: string, { archives }: Fetched): string {
  const archive = archives.find((path) => basename(path).startsWith(`${name}_`)) ?? "";
  // https://www.debian.org/doc/debian-policy/ch-controlfields.html#s-f-source: with a version where it differs.
  const field = (key: string) => runQuietly(["dpkg-deb", "--field", archive, key]).trim();
  const [, source = name, ownVersion] = /^(\S+)(?: \((.+)\))?$/.exec(field("Source")) ?? [];
  const version = field("Version");
  const sourceVersion = ownVersion ?? version;
  const url = `https://snapshot.debian.org/package/${source}/${sourceVersion}/`;
  return `${name} ${version} is unchanged from Debian; its source is Debian's ${source} ${sourceVersion}: ${url}`;
}
