// What the archives for OpenWrt hold.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert, describe } from "../describe.ts";
import { builtPath, openwrtPath } from "./built.ts";
import { createDeviceRoot, type DeviceRoot, whyNoDeviceRoot } from "./device-roots.ts";
import { binaryInRoot } from "./root.ts";
import { type Target, targets } from "./targets.ts";

const HOME = "usr/lib/update-route53";
const dist = dirname(builtPath({ arch: "x64" }));

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

const readSbom = (name: string): readonly Component[] =>
  JSON.parse(readFileSync(join(dist, name), "utf8")).components;

function assertLicences(folder: string): void {
  for (const name of ["libc6", "libgcc-s1", "libstdc++6"]) {
    const [first = "", , ...rest] = readFileSync(join(folder, `${name}.copyright`), "utf8").split("\n");
    assert.match(
      first,
      /^\S+ \S+ is unchanged from Debian; its source is Debian's source package (?:glibc|gcc-\d+) \d\S+$/,
    );
    assert.ok(first.startsWith(`${name} `), first);
    const named = rest.join("\n").matchAll(/common-licenses\/([\w.-]*\w)/g);
    for (const [, licence = ""] of named) assert.ok(existsSync(join(folder, licence)), licence);
  }
  assert.match(readFileSync(join(folder, "LGPL-2.1"), "utf8"), /GNU LESSER GENERAL PUBLIC LICENSE/);
  assert.ok(readdirSync(folder).includes("GPL-3"));
  const ofBinary = (path: string) => readFileSync(join(path, "THIRD-PARTY-LICENSES.txt"), "utf8");
  assert.is(ofBinary(folder), ofBinary(dist));
}

/** The bill of materials has what that of the binaries has, and the versions that the copyright files tell of. */
function assertListed({ debian }: Target, folder: string): void {
  const [ofBinaries, all] = [readSbom("sbom.cdx.json"), readSbom("sbom-openwrt.cdx.json")];
  assert.equal(all.slice(0, ofBinaries.length), ofBinaries);
  const listed = all.filter(({ purl }) => purl.includes(`arch=${debian}&`));
  assert.equal(
    listed.map(({ name }) => name),
    ["libc6", "libgcc-s1", "libstdc++6"],
  );
  for (const { name, version, purl, hashes } of listed) {
    const told = readFileSync(join(folder, `${name}.copyright`), "utf8");
    assert.ok(told.startsWith(`${name} ${version} is unchanged from Debian`), version);
    assert.match(purl, /^pkg:deb\/debian\/[\w.%-]+@[\w.%:~-]+\?arch=\w+&distro=[a-z]+$/);
    assert.match(hashes?.[0]?.content ?? "", /^[0-9a-f]{64}$/);
  }
}

describe("the archive for OpenWrt", (test) => {
  for (const target of targets) {
    const { arch } = target;
    const why = whyNoDeviceRoot(target, "musl");
    let root: DeviceRoot;
    test.before(() => {
      if (why === undefined) root = createDeviceRoot(target, "musl");
    });
    test.after(() => {
      if (why === undefined) rmSync(dirname(root.path), { recursive: true });
    });

    test.unless(why, `of ${arch} has nothing at a place that others look at`, () => {
      const names = execFileSync("tar", ["-tzf", openwrtPath(target)], { encoding: "utf8" });
      const elsewhere = names
        .trim()
        .split("\n")
        .filter((name) => !name.startsWith(`${HOME}/`));
      assert.equal(elsewhere, [binaryInRoot.slice(1)]);
    });

    test.unless(why, `of ${arch} has the licences of all that is in it, and a bill of materials`, () => {
      const folder = join(root.path, HOME, "licences");
      assertLicences(folder);
      assertListed(target, folder);
    });

    test.unless(why, `of ${arch} takes its own libraries before those of LD_LIBRARY_PATH`, async () => {
      const others = join(root.path, "others");
      mkdirSync(others);
      for (const name of readdirSync(join(root.path, HOME, "lib")))
        writeFileSync(join(others, name), "of musl");
      const { exitCode, stderr } = await root.run([binaryInRoot, "--version"], {
        LD_LIBRARY_PATH: "/others",
      });
      assert.equal({ exitCode, stderr }, { exitCode: 0, stderr: "" });
    });
  }
});
