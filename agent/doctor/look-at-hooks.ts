import type { Device } from "../install/device.ts";
import { checkMark } from "../install/mark.ts";
import { LIBRARY } from "../install/mechanisms.ts";
import { readManifest } from "../install/steps.ts";
import type { HookFacts } from "./judge-hooks.ts";

/** What `install` has written on a device, and whether it is still so. */
export function lookAtHooks(device: Device): HookFacts {
  const { paths } = readManifest(device);
  const [, agent = ""] = /^agent=(.+)$/m.exec(device.text(`${LIBRARY}/notify`)) ?? [];
  const isAsInstalled = (path: string) => {
    const found = device.look(path);
    return found.kind === "link" || (found.kind === "file" && checkMark(found.text) === "intact");
  };
  return {
    fileCount: paths.length,
    broken: paths.filter((path) => !isAsInstalled(path)),
    agent,
    isAgentThere: device.has(agent),
  };
}
