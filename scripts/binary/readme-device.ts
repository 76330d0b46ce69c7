// Devices to install on as README.md says it: what `ssh` and `scp` reach is a root on this machine.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Result, runCommand } from "./built.ts";
import { cacheDir, createDeviceRoot, type Kind } from "./device-roots.ts";
import type { Target } from "./targets.ts";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/** The commands of each block of shell in the section "Install", by the name of the host that they reach. */
export function installCommands(readme: string): ReadonlyMap<string, readonly string[]> {
  const section = /^## Install\n(.*?)^## /ms.exec(readme)?.[1] ?? "";
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) =>
    text.trim().split("\n"),
  );
  return new Map(blocks.map((lines) => [/ (?:root@)?(\w+)/.exec(lines.at(-1) ?? "")?.[1] ?? "", lines]));
}

/** The command in the same section that takes everything off a router again. */
export function removalCommand(readme: string): string {
  return /`(ssh root@router '[^`]* rm [^`]*')`/.exec(readme)?.[1] ?? "";
}

export interface ReadmeDevice {
  readonly root: string;
  /** Runs one line of the README, where the build is. */
  readonly type: (line: string) => Promise<Result>;
}

/**
 * A root of Debian with the packages that .ci/run has unpacked for it, or of musl with what OpenWrt has for services.
 * The programs of another machine run by an emulator that the kernel knows of, in a namespace of its own.
 */
export function createReadmeDevice(target: Target, kind: Kind, packages?: string): ReadmeDevice {
  const { path: root } = createDeviceRoot(target, kind, { isBare: true });
  if (packages) addPackages(join(cacheDir, packages, "root"), root);
  else makeOpenWrt(root);
  // debootstrap makes it a link, which leads nowhere from inside.
  rmSync(join(root, "proc"), { recursive: true, force: true });
  for (const folder of ["proc", "root", "usr/local/bin"]) mkdirSync(join(root, folder), { recursive: true });
  // As the password-less sudo of the image is; the real one wants its own configuration.
  if (packages) writeScript(join(root, "usr/bin/sudo"), 'exec "$@"');

  const desk = mkdtempSync(join(dirname(root), "desk-"));
  const bin = join(desk, "bin");
  mkdirSync(bin);
  symlinkSync(dist, join(desk, "dist"));
  const toml = 'domains = ["home.example.com"]\nregion = "eu-west-1"\ncheck_urls = ["http://127.0.0.1:1/"]\n';
  writeFileSync(join(desk, "update-route53.toml"), toml, { mode: 0o600 });
  writeScript(join(bin, "ssh"), `shift\n${enter(root, target)} "$*"`);
  const copy = `for last; do :; done\nto=\${last#*:}\ncase $to in /*) ;; *) to=/root/$to ;; esac`;
  writeScript(join(bin, "scp"), `${copy}\nwhile [ $# -gt 1 ]; do cp "$1" "${root}$to"; shift; done`);
  return {
    root,
    type: (line) =>
      runCommand(["sh", "-c", `cd '${desk}' && ${line}`], { PATH: `${bin}:${process.env.PATH}` }),
  };
}

/** tar, because it replaces files, which the cache shares, and goes through links to folders, such as /lib. */
function addPackages(from: string, root: string): void {
  const add = 'tar -C "$0" -cf - . | tar -C "$1" --keep-directory-symlink -xf -';
  execFileSync("sh", ["-c", add, from, root]);
}

/** A command for a shell that takes what to run as its last argument. */
function enter(root: string, { arch, machine }: Target): string {
  // The magic number of the machine's programs: https://docs.kernel.org/admin-guide/binfmt-misc.html
  const magic = String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`;
  const mask = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`;
  const rule = `:qemu:M::${magic}:${mask}:/usr/bin/qemu-${machine}-static:POCF`;
  const emulate = `mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
    printf %s '${rule}' >/proc/sys/fs/binfmt_misc/register`;
  const inside = `set -e
    ${arch === process.arch ? ":" : emulate}
    mount -t proc proc '${root}/proc'
    exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
      chroot '${root}' /bin/sh -c "cd; $0"`;
  const quoted = inside.replaceAll("'", `'\\''`);
  return `exec unshare --user --map-root-user --mount --pid --net --fork sh -c '${quoted}'`;
}

/** The parts of OpenWrt that `install` looks for or calls, with its shell as busybox makes it. */
function makeOpenWrt(root: string): void {
  for (const name of ["sh", "tar", "cat", "ln", "basename", "rm"])
    symlinkSync("busybox", join(root, "bin", name));
  for (const folder of ["hotplug.d/iface", "hotplug.d/ntp", "init.d", "rc.d"])
    mkdirSync(join(root, "etc", folder), { recursive: true });
  for (const folder of ["lib/upgrade/keep.d", "usr/bin", "usr/lib", "var/lib"])
    mkdirSync(join(root, folder), { recursive: true });
  const enabling =
    "name=$(basename $1); case $2 in enable) ln -sf ../init.d/$name /etc/rc.d/S95$name ;; esac";
  writeScript(join(root, "etc/rc.common"), enabling);
}

function writeScript(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

/** Why such a device cannot be made, besides what a root of its kind needs. */
export function whyNoReadmeDevice(packages?: string): string | undefined {
  if (packages && !existsSync(join(cacheDir, packages))) return `there is no .cache/${packages}: see .ci/run`;
  try {
    execFileSync("unshare", ["--user", "--map-root-user", "--mount", "--pid", "--net", "--fork", "true"], {
      stdio: "ignore",
    });
    return undefined;
  } catch {
    return "no user namespace can be made here";
  }
}
