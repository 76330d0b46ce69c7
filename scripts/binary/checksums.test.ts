// Whether SHA256SUMS holds, and leaves out nothing that the build made.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert, describe } from "../describe.ts";
import { builtPath, whyNotBuilt } from "./built.ts";

const dist = dirname(builtPath({ arch: "x64" }));

describe("SHA256SUMS", (test) => {
  test.unless(whyNotBuilt(), "covers every file that is given to others, and is right", () => {
    const sums = readFileSync(join(dist, "SHA256SUMS"), "utf8");
    const listed = [...sums.matchAll(/^[0-9a-f]{64} {2}(.+)$/gm)].map(([, name]) => name);
    assert.equal(
      listed,
      readdirSync(dist, { withFileTypes: true })
        .flatMap((entry) => (entry.isFile() && entry.name !== "SHA256SUMS" ? [entry.name] : []))
        .sort(),
    );
    execFileSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: dist, stdio: "pipe" });
  });
});
