import { LIBRARY } from "./mechanisms.ts";

export const MANIFEST_PATH = `${LIBRARY}/installed`;

/** What `install` has made: the files and links, and the directories that were not there before. */
export interface Manifest {
  readonly paths: readonly string[];
  readonly directories: readonly string[];
}

/** One line each, sorted, so that the same manifest is the same text. */
export function encodeManifest({ paths, directories }: Manifest): string {
  const lines = [
    "# What is to be removed, and the directories that were not there before.",
    ...[...new Set(directories)].sort().map((path) => `directory ${path}`),
    ...[...new Set(paths)].sort().map((path) => `file ${path}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** Lines that are none of ours are passed over: whoever wrote them, a path alone removes nothing. */
export function parseManifest(text: string): Manifest {
  const pathsOf = (kind: string) =>
    [...text.matchAll(new RegExp(`^${kind} (/.+)$`, "gm"))].map(([, path = ""]) => path);
  return { paths: pathsOf("file"), directories: pathsOf("directory") };
}
