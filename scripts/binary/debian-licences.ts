// The licences of packages of Debian that are given to others, and what their source is.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DebianPackage, tellSource } from "./debian-package.ts";

/** Where the copyright files say that the texts are. */
const named = /\/usr\/share\/common-licenses\/([\w.-]*\w)/g;

/**
 * Writes one file per package, its copyright file below a line that tells its source package, and the licences that
 * these name, each as a file.
 * @param root of the files of all packages
 */
export function writeDebianLicences(packages: readonly DebianPackage[], root: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const texts = packages.map((each) => ({ each, text: read(`usr/share/doc/${each.name}/copyright`) }));
  for (const { each, text } of texts) {
    const head = `${each.name} ${each.version} is unchanged from Debian; ${tellSource(each)}`;
    writeFileSync(join(folder, `${each.name}.copyright`), `${head}\n\n${text}`);
  }
  const licences = texts.flatMap(({ text }) => [...text.matchAll(named)].map(([, licence = ""]) => licence));
  for (const licence of new Set(licences)) {
    writeFileSync(join(folder, licence), read(`usr/share/common-licenses/${licence}`));
  }
}
