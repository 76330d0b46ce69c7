// What the archives for OpenWrt hold.
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert, describe } from "../describe.ts";
import { createDeviceRoot, whyNoDeviceRoot } from "./device-roots.ts";
import { targets } from "./targets.ts";

describe("the archive for OpenWrt", (test) => {
  for (const target of targets) {
    const { arch } = target;
    test.unless(whyNoDeviceRoot(target, "musl"), `of ${arch} has licences, and leaves /lib64 a link`, () => {
      const { path } = createDeviceRoot(target, "musl");
      try {
        assert.ok(lstatSync(join(path, "lib64")).isSymbolicLink());
        const folder = join(path, "usr/share/doc/update-route53");
        for (const name of ["libc6", "libgcc-s1", "libstdc++6"]) {
          const [first = "", , ...rest] = readFileSync(join(folder, `${name}.copyright`), "utf8").split("\n");
          assert.match(
            first,
            /^\S+ \S+ is unchanged from Debian; its source is Debian's (\S+) (\S+): https:\/\/snapshot\.debian\.org\/package\/\1\/\2\/$/,
          );
          assert.ok(first.startsWith(`${name} `), first);
          const named = rest.join("\n").matchAll(/common-licenses\/([\w.-]*\w)/g);
          for (const [, licence = ""] of named) assert.ok(existsSync(join(folder, licence)), licence);
        }
        assert.match(readFileSync(join(folder, "LGPL-2.1"), "utf8"), /GNU LESSER GENERAL PUBLIC LICENSE/);
        assert.ok(readdirSync(folder).includes("GPL-3"));
      } finally {
        rmSync(dirname(path), { recursive: true });
      }
    });
  }
});
