// Whether a commit gives the same binary in another folder.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceState } from "../build-agent.ts";
import { assert, describe } from "../describe.ts";
import { builtPath, whyNotBuilt } from "./built.ts";
import { runQuietly } from "./command.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const arch = process.arch === "arm64" ? "arm64" : "x64";
const changed = sourceState().commit.endsWith("+changes")
  ? "there are changes that are not committed"
  : undefined;

const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("the build", (test) => {
  test.unless(whyNotBuilt() ?? changed, "makes the same binary of a clone in another folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "reproducible-"));
    try {
      const clone = join(folder, "some", "where", "else");
      runQuietly(["git", "clone", "--quiet", root, clone]);
      runQuietly(["git", "checkout", "--quiet", sourceState().commit], { cwd: clone });
      runQuietly(["cp", "-a", join(root, "node_modules"), join(clone, "node_modules")]);
      mkdirSync(join(clone, ".cache"));
      runQuietly(["cp", "-a", join(root, ".cache", "binary"), join(clone, ".cache", "binary")]);
      const out = join(folder, "out");
      const node = join(clone, "node_modules", ".bin", "node");
      runQuietly([node, join(clone, "scripts", "build.ts"), out, "--quick"]);
      assert.is(hashOf(join(out, `update-route53-linux-${arch}`)), hashOf(builtPath({ arch })));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
