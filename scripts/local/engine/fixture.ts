// A small Pulumi program in a folder of its own, for tests of the engine.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));

export interface ProgramFixture {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** Writes the source of `index.ts`, which may use the packages of this project. */
export async function createProgram(source: string): Promise<ProgramFixture> {
  const folder = await mkdtemp(join(tmpdir(), "update-route53-program-"));
  await mkdir(join(folder, "program"));
  await symlink(NODE_MODULES, join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: tiny\nmain: program/\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  await writeFile(join(folder, "program", "index.ts"), source);
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
