// Whether a commit gives the same binaries and archives in another folder.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceState } from "../build-agent.ts";
import { assert, describe } from "../describe.ts";
import { builtPath, openwrtPath, whyNotBuilt } from "./built.ts";
import { runQuietly } from "./command.ts";
import { emulatorOf } from "./emulator.ts";
import { whyNoArchives } from "./openwrt.ts";
import { type Target, targets } from "./targets.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const why = whyNotAgain();
const folder = why === undefined ? createFolder() : "";
const out = join(folder, "out");

const dist = dirname(builtPath({ arch: "x64" }));
const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
const assertSame = (path: string) => assert.is(hashOf(join(out, basename(path))), hashOf(path));

/** In the same file system as the packages, where links cost nothing; removed at the end. */
function createFolder(): string {
  const created = mkdtempSync(join(root, ".cache", "reproducible-"));
  process.on("exit", () => rmSync(created, { recursive: true }));
  return created;
}

/** Why the build cannot be made again; undefined where it can. */
function whyNotAgain(): string | undefined {
  const isChanged = sourceState().commit.endsWith("+changes");
  return whyNotBuilt() ?? (isChanged ? "there are changes that are not committed" : undefined);
}

function whyNoArchive(target: Target): string | undefined {
  if (!existsSync(openwrtPath(target))) return "there is no archive: `npm run build -- --openwrt` makes it";
  return whyNoArchives();
}

/** Builds the commit in a clone, in another folder. */
function buildAgain(): void {
  const clone = join(folder, "some", "where", "else");
  runQuietly(["git", "clone", "--quiet", root, clone]);
  runQuietly(["git", "checkout", "--quiet", sourceState().commit], { cwd: clone });
  mkdirSync(join(clone, ".cache"));
  for (const name of ["node_modules", ".cache/binary"])
    runQuietly(["cp", "-al", join(root, name), join(clone, name)]);
  const node = join(clone, "node_modules", ".bin", "node");
  const archives = targets.some((target) => whyNoArchive(target) === undefined) ? ["--openwrt"] : [];
  runQuietly([node, join(clone, "scripts", "build.ts"), out, "--quick", ...archives]);
}

const packagesIn = (path: string) =>
  JSON.stringify(JSON.parse(readFileSync(join(path, "sbom-openwrt.cdx.json"), "utf8")).components);

const whyOtherPackages = () =>
  packagesIn(out) === packagesIn(dist) ? undefined : "Debian has other packages since the build";

if (why === undefined) buildAgain();

describe("the build, of a clone in another folder,", (test) => {
  test.unless(why, "tells the same of what is in the binaries", () => {
    for (const name of ["THIRD-PARTY-LICENSES.txt", "sbom.cdx.json"]) assertSame(join(dist, name));
  });

  for (const target of targets) {
    const { arch, machine } = target;
    const whyNot = why ?? (emulatorOf(target) ? undefined : `there is no qemu-${machine} for its code cache`);
    test.unless(whyNot, `makes the same ${arch} binary`, () => assertSame(builtPath(target)));
    test.unless(
      whyNot ?? whyNoArchive(target) ?? whyOtherPackages(),
      `makes the same ${arch} archive`,
      () => {
        assertSame(openwrtPath(target));
      },
    );
  }
});
