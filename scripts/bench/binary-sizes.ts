// What the binaries of the last build weigh.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchBase } from "../binary/base.ts";
import { builtPath } from "../binary/built.ts";
import { stripElf } from "../binary/strip.ts";
import { type Target, targets } from "../binary/targets.ts";
import type { Goal } from "./goals.ts";

const MOST_MB = 112;
const MOST_XZ_MB = 30;
const MB = 1_000_000;
const cacheDir = fileURLToPath(new URL("../../.cache/binary", import.meta.url));

interface Sizes {
  readonly name: string;
  readonly cells: readonly (number | undefined)[];
  readonly goals: readonly Goal[];
}

function sizesOf(target: Target, folder: string): Sizes {
  const name = `linux-${target.arch}`;
  const path = builtPath(target);
  const [stripped, gz, xz] = [path, `${path}.gz`, `${path}.xz`].map(sizeMb);
  const goals = [
    { what: `${name}, stripped,`, found: stripped, limit: MOST_MB },
    { what: `${name}, .xz,`, found: xz, limit: MOST_XZ_MB },
  ].map((goal) => ({ ...goal, unit: "MB", without: "it is not there" }));
  return { name, cells: [stripped && stripped + symbolsMb(target, folder), stripped, gz, xz], goals };
}

const sizeMb = (path: string) => (existsSync(path) ? statSync(path).size / MB : undefined);

/** What stripping has taken out of the base, and so out of the binary. */
function symbolsMb(target: Target, folder: string): number {
  const node = readFileSync(fetchBase(target, cacheDir, join(folder, target.arch)).nodePath);
  return (node.length - stripElf(node).length) / MB;
}

/**
 * Prints a line for each binary.
 * @param folder that can be filled, and is removed afterwards
 * @returns what is to be held of them
 */
export function tellSizes(tell: (line: string) => void, folder: string): readonly Goal[] {
  const all = targets.map((target) => sizesOf(target, folder));
  tell("size in MB (1,000,000 bytes)  with symbols  stripped       .gz       .xz");
  for (const { name, cells } of all) {
    const [raw = "", ...others] = cells.map((cell) => cell?.toFixed(1) ?? "-");
    tell(name.padEnd(30) + raw.padStart(12) + others.map((cell) => cell.padStart(10)).join(""));
  }
  tell("");
  return all.flatMap(({ goals }) => goals);
}
