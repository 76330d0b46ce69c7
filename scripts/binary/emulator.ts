// Running a binary of another machine here.
import { existsSync } from "node:fs";
import { findProgram } from "./command.ts";
import type { Target } from "./targets.ts";

/**
 * What to put before the command line of a binary of the target so that it runs here: nothing on the same machine,
 * QEMU's emulator on another; undefined where there is none, or not the libraries that a binary needs
 * (`qemu-user-static` and `libstdc++6-arm64-cross` on Debian).
 */
export function emulatorOf({ arch, machine }: Target): readonly string[] | undefined {
  if (arch === process.arch) return [];
  const program = findProgram(`qemu-${machine}-static`) ?? findProgram(`qemu-${machine}`);
  const root = process.env.QEMU_LD_PREFIX ?? `/usr/${machine}-linux-gnu`;
  if (program === undefined || !existsSync(`${root}/lib/libstdc++.so.6`)) return undefined;
  return [program, "-L", root];
}
