import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { hookFiles } from "../install/hook-files.ts";
import { LIBRARY, mechanisms } from "../install/mechanisms.ts";
import {
  performSteps,
  removeDirectories,
  removeManifest,
  removeMemory,
  saveManifest,
} from "../install/perform.ts";
import { planInstall } from "../install/plan-install.ts";
import { manifestAfter, readManifest, stepsToUninstall } from "../install/steps.ts";
import { openRoot, report, runAll, settleKept } from "./installing.ts";

/** Removes what `install` has written, and nothing that was changed since, unless a person says otherwise. */
export async function uninstall(context: Context): Promise<ExitCode> {
  const device = openRoot(context);
  const manifest = readManifest(device);
  // What would be installed now, should the manifest be gone.
  const plans = [false, true].map((isDaemon) =>
    planInstall(device, { agent: "", interfaces: [], isDaemon }, hookFiles),
  );
  const paths = [...manifest.paths, ...plans.flatMap(({ items }) => items.map(({ path }) => path))];
  const steps = await settleKept(stepsToUninstall(device, paths), context);
  const removed = new Set(
    steps.filter(({ decision }) => decision.action === "remove").map(({ path }) => path),
  );
  const commands = mechanisms.flatMap(({ commands }) =>
    commands && removed.has(commands.about) ? [commands] : [],
  );
  const isKept = steps.some(({ decision }) => decision.action === "keep");
  let areRun = runAll(
    device,
    commands.map((each) => ({ ...each, all: each.beforeUninstall })),
    context,
  );
  if (!context.given.switches.has("dry-run")) {
    performSteps(device, steps);
    if (isKept) saveManifest(device, manifestAfter(manifest, steps, []));
    else removeManifest(device);
    removeMemory(device);
    removeDirectories(device, [...manifest.directories, LIBRARY]);
  }
  report(steps, context);
  if (steps.length === 0) context.log.info("nothing is installed");
  areRun =
    runAll(
      device,
      commands.map((each) => ({ ...each, all: each.afterUninstall })),
      context,
    ) && areRun;
  return isKept || !areRun ? exitCode.cannotCreate : exitCode.ok;
}
