// The files of an archive that a program hands over, as a folder: what Lambda unpacks into /var/task.
import { copyFile, cp, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Archive, Asset } from "./value.ts";

/**
 * Writes the archive into a folder.
 * @param workingFolder what its paths start from
 * @throws for what cannot be had without the network or an unpacker: the content of a URL, a zip file
 */
export async function writeArchive(
  { archive }: Archive,
  { folder, workingFolder }: { readonly folder: string; readonly workingFolder: string },
): Promise<void> {
  if (archive.path !== undefined) {
    const path = resolve(workingFolder, archive.path);
    if (!(await stat(path)).isDirectory()) throw new Error(`archive: expected a folder, got ${path}`);
    return cp(path, folder, { recursive: true });
  }
  if (!archive.assets) throw new Error(`archive: expected assets or a path, got ${Object.keys(archive)}`);
  await mkdir(folder, { recursive: true });
  for (const [name, part] of Object.entries(archive.assets)) {
    const path = join(folder, name);
    if ("archive" in part) await writeArchive(part, { folder: path, workingFolder });
    else await writeAsset(part, path, workingFolder);
  }
}

async function writeAsset({ asset }: Asset, path: string, workingFolder: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (asset.path !== undefined) return copyFile(resolve(workingFolder, asset.path), path);
  if (asset.text !== undefined) return writeFile(path, asset.text);
  throw new Error(`asset ${path}: expected a text or a path, got ${Object.keys(asset)}`);
}
