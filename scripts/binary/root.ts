// Roots that have little in them: what a binary finds on a bare device.
import { copyFileSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runQuietly } from "./command.ts";
import type { Target } from "./targets.ts";

/** Where the binary is in a root. */
export const binaryInRoot = "/usr/bin/update-route53";

/** Nothing but the binary and the libraries it names: no /etc, no /proc, no /tmp, no shell. */
export function createEmptyRoot(root: string, binary: string): void {
  place(binary, root, binaryInRoot);
  // "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)", and the loader alone.
  for (const line of runQuietly(["ldd", binary]).split("\n")) {
    const path = /(\/\S+) \(0x/.exec(line)?.[1];
    if (path !== undefined) place(path, root, path);
  }
}

/** As OpenWrt is: musl and busybox, /lib64 a link to /lib, no file of GNU's library. */
export function createMuslRoot(root: string, { machine }: Pick<Target, "machine">, from = ""): void {
  place(`${from}/bin/busybox`, root, "/bin/busybox");
  place(`${from}/lib/ld-musl-${machine}.so.1`, root, `/lib/ld-musl-${machine}.so.1`);
  symlinkSync("lib", join(root, "lib64"));
  for (const folder of ["etc", "tmp"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "etc/openwrt_release"), "DISTRIB_ID='OpenWrt'\n");
}

/** Why a root of musl and busybox cannot be made of what is installed; undefined where it can. */
export function whyNoMusl({ machine }: Pick<Target, "machine">, from = ""): string | undefined {
  const missing = [`${from}/bin/busybox`, `${from}/lib/ld-musl-${machine}.so.1`].find(
    (path) => !existsSync(path),
  );
  return missing && `there is no ${missing}: Debian's packages musl and busybox-static have them`;
}

function place(from: string, root: string, to: string): void {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  copyFileSync(realpathSync(from), join(root, to));
}
