// What is in the bundle: not what is installed, but what esbuild took.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

export interface Package {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  /** The texts of the files that the package has about it. */
  readonly licenceTexts: readonly string[];
  /** As npm writes it: the name of the hash, a hyphen and base64. */
  readonly integrity: string | undefined;
}

/** What a binary that is given to others may hold: none asks for more than to be named. */
const permissive = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"];

/** The folders of the packages that have at least one byte in the bundle, such as `node_modules/citty`. */
export function bundledFolders({ outputs }: Pick<Metafile, "outputs">): readonly string[] {
  const found = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder !== undefined && bytesInOutput > 0) found.add(folder);
    }
  }
  return [...found].sort();
}

/**
 * What each of the folders holds, in the order of their names.
 * @throws where the licence of one does not allow that it ships
 */
export function readPackages(root: string, folders: readonly string[]): readonly Package[] {
  const lock: { packages: Record<string, { integrity?: string }> } = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  );
  return folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    if (!permissive.includes(license)) {
      throw new Error(`${name} ${version}: expected a licence of ${permissive.join(", ")}, got "${license}"`);
    }
    const licenceTexts = licenceFiles(join(root, folder)).map((path) => readFileSync(path, "utf8").trim());
    return { name, version, licence: license, licenceTexts, integrity: lock.packages[folder]?.integrity };
  });
}

function licenceFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^(?:licen[cs]e|copying|notice)/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}
