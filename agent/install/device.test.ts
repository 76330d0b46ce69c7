import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { createRoot } from "../../scripts/fixtures/device-root.ts";
import { openDevice } from "./device.ts";

const MIB = 1024 * 1024;

describe("a device", (test) => {
  const passed = (root: string, path: string) =>
    openDevice(root)
      .trail(path)
      .map((each) => each.path.slice(root.length));

  test("tells all that is passed on the way to a path, links and where they lead", () => {
    const root = createRoot("/home/u/real", "/opt/");
    symlinkSync("../home/u", join(root, "opt/user"));
    symlinkSync("/opt/user/real", join(root, "opt/absolute"));
    symlinkSync("../../../../../../tmp", join(root, "opt/outside"));
    symlinkSync("gone", join(root, "opt/dangling"));
    symlinkSync("loop", join(root, "opt/loop"));
    const real = ["/home", "/home/u", "/home/u/real"];
    assert.equal(passed(root, "/home/u/real"), ["", ...real]);
    assert.equal(passed(root, "/opt/user/real"), ["", "/opt", "/opt/user", "", ...real]);
    assert.equal(passed(root, "/opt/./absolute"), [
      "",
      "/opt",
      "/opt/absolute",
      "/opt",
      "/opt/user",
      "",
      ...real,
    ]);
    assert.equal(passed(root, "/opt/dangling"), ["", "/opt", "/opt/dangling"]);
    assert.equal(passed(root, "/none/at/all"), [""]);
    assert.ok(passed(root, "/opt/outside").every((path) => ["", "/opt", "/opt/outside"].includes(path)));
    assert.is(new Set(passed(root, "/opt/loop")).size, 3);
  });

  test("says whether something is there without reading it", () => {
    const root = createRoot("/opt/program");
    const program = join(root, "opt/program");
    writeFileSync(program, "");
    truncateSync(program, 300 * MIB);
    chmodSync(program, 0o755);
    mkdirSync(join(root, "opt/directory"));
    symlinkSync("gone", join(root, "opt/link"));
    const { has } = openDevice(root);
    const before = process.resourceUsage().maxRSS;
    for (const name of ["program", "directory", "link"]) assert.ok(has(`/opt/${name}`));
    assert.not.ok(has("/opt/none") || has("/opt/program/none"));
    const grownMiB = (process.resourceUsage().maxRSS - before) / 1024;
    assert.ok(grownMiB < 100, `${grownMiB} MiB`);
  });
});
