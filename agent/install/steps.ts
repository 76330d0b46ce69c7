import { dirname } from "node:path";
import { type Decision, decideInstall, decideUninstall } from "./decide.ts";
import type { Device, Found } from "./device.ts";
import { MANIFEST_PATH, type Manifest, parseManifest } from "./manifest.ts";
import type { Item } from "./plan-install.ts";

/** One path of the device, with what becomes of it. */
export interface Step {
  readonly path: string;
  /** What it belongs to; empty where that is not known any more. */
  readonly mechanism: string;
  readonly decision: Decision;
  /** What is wanted there; undefined where nothing is. */
  readonly item: Item | undefined;
}

/** The steps that lead to these items and to nothing else of ours. */
export function stepsToInstall(device: Device, items: readonly Item[]): readonly Step[] {
  const wanted = new Set(items.map(({ path }) => path));
  const obsolete = readManifest(device).paths.filter((path) => !wanted.has(path));
  return [
    ...stepsToUninstall(device, obsolete),
    ...items.map((item) => ({
      path: item.path,
      mechanism: item.mechanism,
      item,
      decision: decideWithin(device, item.path, (found) => decideInstall(item, found)),
    })),
  ];
}

/** The steps that remove what is ours at these paths. */
export function stepsToUninstall(device: Device, paths: readonly string[]): readonly Step[] {
  return [...new Set(paths)]
    .filter((path) => path !== MANIFEST_PATH)
    .map((path) => ({
      path,
      mechanism: "",
      item: undefined,
      decision: decideWithin(device, path, decideUninstall),
    }))
    .filter(({ decision }) => decision.action !== "none");
}

function decideWithin(device: Device, path: string, decide: (found: Found) => Decision): Decision {
  if (device.locate(path) === undefined)
    return {
      action: "keep",
      reason: "a link on the way leads out of the directory of --root",
      isFinal: true,
    };
  return decide(device.look(path));
}

export function readManifest({ text }: Device): Manifest {
  return parseManifest(text(MANIFEST_PATH));
}

/** Whether a step changes anything. */
export function isChange({ decision: { action } }: Step): boolean {
  return action === "install" || action === "update" || action === "replace" || action === "remove";
}

/** The directories that are to be made for these paths, each after the one that it is in. */
export function missingDirectories({ has }: Device, paths: readonly string[]): readonly string[] {
  const missing = new Set<string>();
  for (const path of paths) {
    const above: string[] = [];
    for (let each = dirname(path); each !== "/" && !has(each); each = dirname(each)) above.unshift(each);
    for (const each of above) missing.add(each);
  }
  return [...missing];
}

/** What is on the device of ours after these steps: of the directories, those that something of it is in. */
export function manifestAfter(before: Manifest, steps: readonly Step[], made: readonly string[]): Manifest {
  const gone = new Set(steps.filter(({ decision }) => decision.action === "remove").map(({ path }) => path));
  const kept = new Set(steps.filter(({ decision }) => decision.action === "keep").map(({ path }) => path));
  const written = steps.flatMap(({ path, item }) => (item && !kept.has(path) ? [path] : []));
  const paths = [...before.paths.filter((path) => !gone.has(path)), ...written];
  const isInUse = (directory: string) =>
    [MANIFEST_PATH, ...paths].some((path) => path.startsWith(`${directory}/`));
  return { paths, directories: [...before.directories, ...made].filter(isInUse) };
}
