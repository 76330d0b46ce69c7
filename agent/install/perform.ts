import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { describeSystemError, systemErrorCode } from "../system-error.ts";
import type { Device } from "./device.ts";
import { encodeManifest, MANIFEST_PATH, type Manifest } from "./manifest.ts";
import { addMark } from "./mark.ts";
import { isChange, type Step } from "./steps.ts";
import {
  makeDirectory,
  removeDirectoryIfEmpty,
  removeFile,
  removeTree,
  writeLink,
  writeWhole,
} from "./write.ts";

/** @throws {ExpectedFailure} 73 at the first thing that cannot be written; the rest is left as it is */
export function performSteps(device: Device, steps: readonly Step[]): void {
  for (const step of steps.filter(isChange)) attempt(device, step.path, (path) => performOn(path, step));
}

function performOn(path: string, { item }: Step): void {
  if (item === undefined) removeFile(path);
  else if (item.kind === "link") writeLink(path, item.target);
  else writeWhole(path, item.text, item.mode);
}

export function makeDirectories(device: Device, directories: readonly string[]): void {
  for (const directory of directories) attempt(device, directory, makeDirectory);
}

/** Written before what it names, so that what a failure leaves behind can be removed. */
export function saveManifest(device: Device, manifest: Manifest): void {
  const text = addMark(encodeManifest(manifest));
  if (device.text(MANIFEST_PATH) === text) return;
  attempt(device, MANIFEST_PATH, (path) => writeWhole(path, text, 0o644));
}

/** Removes, from the innermost on, the directories that are empty now. */
export function removeDirectories(device: Device, directories: readonly string[]): void {
  for (const directory of [...new Set(directories)].sort().reverse())
    attempt(device, directory, removeDirectoryIfEmpty);
}

/** Removes what the hooks remember while the device is up; OpenWrt has it below /var. */
export function removeMemory(device: Device): void {
  for (const directory of ["/run/update-route53", "/var/run/update-route53"]) {
    attempt(device, `${directory}/hook`, removeTree);
    attempt(device, directory, removeDirectoryIfEmpty);
  }
}

export function removeManifest(device: Device): void {
  attempt(device, MANIFEST_PATH, removeFile);
}

function attempt(device: Device, path: string, change: (located: string) => unknown): void {
  const located = device.locate(path);
  if (located === undefined) return;
  try {
    change(located);
  } catch (cause) {
    // To root, the system says EPERM, of what may not be changed at all.
    const hint = systemErrorCode(cause) === "EACCES" ? ", which root would not be" : "";
    const problem = `${located}: expected to write it, but ${describeSystemError(cause)}${hint}`;
    throw new ExpectedFailure(exitCode.cannotCreate, problem, { cause });
  }
}
