import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { assert, describe } from "../describe.ts";
import { removeCgroups } from "./cgroups.ts";

const lab = `${process.pid}-test`;
const own = `update-route53-lab-${lab}-one`;
const other = `update-route53-lab-${lab}2-one`;

/** What `unshare` runs shell commands with where the cgroups are. */
const among = (commands: string) => {
  const script = `mount -t cgroup2 lab /mnt; cd /mnt; ${commands}`;
  return ["--mount", "--propagation", "private", "sh", "-ec", script] as const;
};
const run = (commands: string) => spawnSync("unshare", among(commands), { encoding: "utf8" });

/** Why no cgroup can be made here; undefined where one can. */
function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  return run(`mkdir ${own} && rmdir ${own}`).status === 0 ? undefined : "needs cgroups";
}

describe("the cgroups of a lab that was killed", (test) => {
  const why = whyNot();
  test.after(() => {
    if (why === undefined) run(`rmdir ${other}`);
  });

  test.unless(why, "are removed, and no others", () => {
    assert.is(run(`mkdir -p ${own}/system.slice/some.service ${other}`).status, 0);
    assert.equal(removeCgroups(lab), []);
    assert.equal(run(`ls -d update-route53-lab-${lab}*`).stdout, `${other}\n`);
    assert.equal(removeCgroups(lab), []);
  });

  test.unless(why, "are told of where a process is in them", async () => {
    const busy = spawn("unshare", [
      ...among(`mkdir -p ${own}/a/b; echo $$ >${own}/a/cgroup.procs; echo in; exec cat`),
    ]);
    await once(busy.stdout, "data");
    assert.equal(removeCgroups(lab), [`${own}/a`, own]);
    busy.kill("SIGKILL");
    await once(busy, "close");
    assert.equal(removeCgroups(lab), []);
  });
});
