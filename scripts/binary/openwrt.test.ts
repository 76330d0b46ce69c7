// The archives for OpenWrt, in a root of musl and busybox that has no file of GNU's library.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert, describe } from "../describe.ts";
import { openwrtPath, runCommand, whyNoRoot, whyNotBuilt } from "./built.ts";
import { findProgram } from "./command.ts";
import { binaryInRoot, createMuslRoot, whyNoMusl } from "./root.ts";
import { type Target, targets } from "./targets.ts";

const folder = mkdtempSync(join(tmpdir(), "openwrt-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Where scripts/binary/debian.ts has put musl and busybox-static of another machine: see .ci/run. */
const foreign = fileURLToPath(new URL("../../.cache/musl-arm64/root", import.meta.url));

function whyNot(target: Target, from: string, emulator: string | undefined): string | undefined {
  const missing = existsSync(openwrtPath(target))
    ? undefined
    : "no archive: `npm run build -- --openwrt` makes it";
  const unable = target.arch === process.arch || emulator ? undefined : "no qemu-user-static to run it by";
  return whyNotBuilt() ?? whyNoRoot() ?? missing ?? unable ?? whyNoMusl(target, from);
}

describe("the archive for OpenWrt", (test) => {
  for (const target of targets) {
    const { arch, machine } = target;
    const isOwn = arch === process.arch;
    const emulator = findProgram(`qemu-${machine}-static`);
    const from = isOwn ? "" : foreign;
    const root = join(folder, arch);

    test.unless(whyNot(target, from, emulator), `makes the ${arch} binary work on musl`, async () => {
      execFileSync("mkdir", ["-p", root]);
      createMuslRoot(root, target, from);
      const emulated: string[] = [];
      if (!isOwn && emulator) {
        writeFileSync(join(root, "qemu"), readFileSync(emulator), { mode: 0o755 });
        emulated.push("/qemu");
      }
      const inRoot = (...command: string[]) =>
        runCommand(["chroot", root, ...emulated, ...command], { PATH: process.env.PATH });
      execFileSync("chroot", [root, ...emulated, "/bin/busybox", "tar", "-xzf", "-", "-C", "/"], {
        input: readFileSync(openwrtPath(target)),
      });
      // The link that OpenWrt has there is still one.
      const link = await inRoot("/bin/busybox", "readlink", "/lib64");
      assert.is(link.stdout, "lib\n");

      const version = await inRoot(binaryInRoot, "--version");
      assert.match(version.stdout, /^\d+\.\d+\.\d+ \(commit /);
      const dryRun = ["update", "--dry-run", "--ip", "1.2.3.4", "--domain", "home.example.com"];
      const record = await inRoot(binaryInRoot, ...dryRun);
      assert.equal({ ...record, stdout: "" }, { exitCode: 0, stdout: "", stderr: "" });
      assert.match(record.stdout, /"PartitionKey":"home\.example\.com"\}\n$/);
      const ip = await inRoot(binaryInRoot, "ip", "--check-url", "http://127.0.0.1:1/");
      assert.is(ip.exitCode, 69, ip.stderr);
      const doctor = await inRoot(binaryInRoot, "doctor", "--check-url", "http://127.0.0.1:1/");
      assert.match(doctor.stdout, /^problem .*$/m);
      assert.is.not(doctor.exitCode, 70, doctor.stderr);
    });
  }
});
