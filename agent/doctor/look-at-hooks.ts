import type { Device } from "../install/device.ts";
import { hookFiles } from "../install/hook-files.ts";
import { installedChoice } from "../install/installed-choice.ts";
import { planInstall } from "../install/plan-install.ts";
import { isProgram } from "../install/replaceable.ts";
import { readManifest, stepsToInstall } from "../install/steps.ts";
import type { HookFacts } from "./judge-hooks.ts";

/** What `install` has written on a device, and what it would do about it if it were asked again. */
export function lookAtHooks(device: Device): HookFacts {
  const choice = installedChoice(device);
  const isInstalled = readManifest(device).paths.length > 0;
  const steps = isInstalled ? stepsToInstall(device, planInstall(device, choice, hookFiles).items) : [];
  return {
    fileCount: steps.length,
    different: steps.filter(({ decision }) => decision.action !== "unchanged").map(({ path }) => path),
    agent: choice.agent,
    isProgram: isProgram(device.trail(choice.agent)),
  };
}
