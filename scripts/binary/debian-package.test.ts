import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../describe.ts";
import { findProgram, runQuietly } from "./command.ts";
import { writeDebianLicences } from "./debian-licences.ts";
import { readDebianPackage, whyNotDebian } from "./debian-package.ts";

const folder = mkdtempSync(join(tmpdir(), "debian-package-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
}

/** A root of which `/etc/os-release` says that. */
function createRoot(name: string, release: string): string {
  const root = join(folder, name);
  write(join(root, "etc", "os-release"), release);
  return root;
}

const debian = createRoot("debian", 'NAME="Debian GNU/Linux"\nVERSION_CODENAME=bookworm\nID=debian\n');
const derivative = createRoot("derivative", 'ID=other\nID_LIKE="debian"\nVERSION_CODENAME=first\n');
const wanted = { name: "libc6", licence: "LGPL-2.1-or-later" };

/** A package file of that name and version, built from that source. */
function createArchive(name: string, source: string): string {
  const control = `Package: ${name}\nVersion: 2.36-9+deb12u9\nArchitecture: amd64\nMaintainer: nobody\nDescription: none\n`;
  write(join(folder, name, "DEBIAN", "control"), `${control}Source: ${source}\n`);
  const path = join(folder, `${name}_1_amd64.deb`);
  runQuietly(["dpkg-deb", "--build", join(folder, name), path]);
  return path;
}

describe("a package of Debian", (test) => {
  test("is one of Debian itself, not of what has its apt", () => {
    assert.is(whyNotDebian(debian), undefined);
    assert.is(whyNotDebian(derivative), '/etc/os-release: expected ID=debian, got "other"');
    assert.is(whyNotDebian(join(folder, "nowhere")), '/etc/os-release: expected ID=debian, got ""');
    assert.throws(
      () => readDebianPackage(wanted, { root: derivative, archives: [] }),
      /^base-files: \/etc\/os-release: expected ID=debian, got "other"$/,
    );
  });

  const why = findProgram("dpkg-deb") ? undefined : "there is no dpkg-deb";
  test.unless(why, "has above its licence what its source is", () => {
    const text = "It is free: /usr/share/common-licenses/GPL, or later.\n";
    write(join(debian, "usr/share/common-licenses/GPL"), "GNU\n");
    for (const [name, source, told] of [
      ["libc6", "glibc", "glibc 2.36-9+deb12u9"],
      ["libstdc++6", "gcc-12 (12.2.0-14)", "gcc-12 12.2.0-14"],
    ] as const) {
      write(join(debian, "usr/share/doc", name, "copyright"), text);
      const archives = [createArchive(name, source)];
      const found = readDebianPackage({ ...wanted, name }, { root: debian, archives });
      assert.equal([found.codename, found.architecture], ["bookworm", "amd64"]);
      writeDebianLicences([found], debian, join(folder, "licences"));
      assert.is(
        readFileSync(join(folder, "licences", `${name}.copyright`), "utf8"),
        `${name} 2.36-9+deb12u9 is unchanged from Debian; its source is Debian's source package ${told}\n\n${text}`,
      );
      assert.is(readFileSync(join(folder, "licences", "GPL"), "utf8"), "GNU\n");
    }
  });
});
