// The cgroups of a lab: a systemd in it has some, which outlive its processes.
import { spawnSync } from "node:child_process";

/**
 * Prints what it could not remove. The hierarchy is mounted for it alone: it may be nowhere, or at several places.
 * What was killed is in its cgroup for a while yet when its files are closed, so this waits for it.
 */
const REMOVE = `
mount -t cgroup2 lab /mnt && cd /mnt || exit 0
tries=30
while find update-route53-lab-"$1"-* -depth -type d -exec rmdir {} + 2>/dev/null
  left=$(find update-route53-lab-"$1"-* -depth -type d 2>/dev/null)
  [ -n "$left" ] && [ $tries -gt 0 ]
do tries=$((tries - 1)) && sleep 0.1; done
echo "$left"`;

/** Removes the cgroups of a lab that has ended, as `boot` of systemd-root.sh names them; gives those that stay. */
export function removeCgroups(lab: string): readonly string[] {
  const unshare = ["--mount", "--propagation", "private", "sh", "-c", REMOVE, "sh", lab];
  const { stdout } = spawnSync("unshare", unshare, { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean);
}
