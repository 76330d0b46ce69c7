// SHA256SUMS, as `sha256sum --check` reads it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** One line per file, in the order of their names. */
export function formatChecksums(paths: readonly string[]): string {
  const lines = paths.map((path) => {
    const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
    return { name: basename(path), hash };
  });
  return lines
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, hash }) => `${hash}  ${name}\n`)
    .join("");
}
