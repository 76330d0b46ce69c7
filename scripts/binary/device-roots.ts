// The roots in which the binaries of both machines are tried: a bare Debian, and musl as on OpenWrt.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtPath, openwrtPath, type Result, runCommand, whyNoRoot, whyNotBuilt } from "./built.ts";
import { findProgram } from "./command.ts";
import { binaryInRoot, createMuslRoot, whyNoMusl } from "./root.ts";
import type { Target } from "./targets.ts";

export const kinds = ["minbase", "musl"] as const;
export type Kind = (typeof kinds)[number];

export const cacheDir = fileURLToPath(new URL("../../.cache", import.meta.url));
/** Where .ci/run has scripts/binary/minbase.ts put a bare Debian. */
const minbaseOf = ({ debian }: Target) => join(cacheDir, `minbase-${debian}`);
/** Where .ci/run has scripts/binary/debian.ts put musl and busybox-static of another machine than this. */
const muslOf = ({ arch, debian }: Target) =>
  arch === process.arch ? "" : join(cacheDir, `musl-${debian}`, "root");
const emulatorOf = ({ arch, machine }: Target) =>
  arch === process.arch ? undefined : findProgram(`qemu-${machine}-static`);

/** Why a root of the kind cannot be made and entered; undefined where it can. */
export function whyNoDeviceRoot(target: Target, kind: Kind): string | undefined {
  const { arch, machine } = target;
  if (whyNotBuilt() ?? whyNoRoot()) return whyNotBuilt() ?? whyNoRoot();
  if (!existsSync(builtPath(target))) return `there is no ${arch} binary: \`npm run build\` makes it`;
  if (arch !== process.arch && emulatorOf(target) === undefined)
    return `there is no qemu-${machine}-static to run it by: Debian's package qemu-user-static has it`;
  if (kind === "minbase") return existsSync(minbaseOf(target)) ? undefined : whyNoMinbase(target);
  if (!existsSync(openwrtPath(target))) return "there is no archive: `npm run build -- --openwrt` makes it";
  return whyNoMusl(target, muslOf(target));
}

const whyNoMinbase = ({ debian }: Target) =>
  `there is no .cache/minbase-${debian}: \`node scripts/binary/minbase.ts ${debian} .cache/minbase-${debian}\` makes it`;

export interface DeviceRoot {
  readonly path: string;
  /** Runs a command in it, with no more of an environment than PATH and what is given. */
  readonly run: (command: readonly string[], environment?: NodeJS.ProcessEnv) => Promise<Result>;
}

/** A root of its own, which can be removed afterwards; with the binary where a person would put it, unless bare. */
export function createDeviceRoot(target: Target, kind: Kind, { isBare = false } = {}): DeviceRoot {
  // In the same file system as what it is made of: links cost nothing.
  const path = join(mkdtempSync(join(cacheDir, "root-")), "root");
  const emulator = emulatorOf(target);
  const emulated = emulator ? ["/qemu"] : [];
  if (kind === "minbase") execFileSync("cp", ["-al", minbaseOf(target), path]);
  else {
    mkdirSync(path);
    createMuslRoot(path, target, muslOf(target));
  }
  if (emulator) place(emulator, join(path, "qemu"));
  if (kind === "minbase" && !isBare) place(builtPath(target), join(path, binaryInRoot));
  else if (!isBare) unpackAsDevice(readFileSync(openwrtPath(target)), ["chroot", path, ...emulated]);
  return {
    path,
    run: (command, environment) =>
      runCommand(["chroot", path, ...emulated, ...command], { PATH: process.env.PATH, ...environment }),
  };
}

function place(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}

/** As README.md says it. */
function unpackAsDevice(archive: Buffer, [program = "", ...enter]: readonly string[]): void {
  execFileSync(program, [...enter, "/bin/busybox", "tar", "-xzf", "-", "-C", "/"], { input: archive });
}
