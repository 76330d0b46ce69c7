// How long a daemon stands still for each hook, while the program that the hook starts takes half a minute.
//   npm run bench:hooks
import { spawnSync } from "node:child_process";
import { type Environment, lacks, NOTIFY, shells } from "../fixtures/hook-folder.ts";
import { prepareNotify } from "../fixtures/notify-script.ts";
import { readArguments } from "../read-arguments.ts";
import { formatGoal } from "./goals.ts";
import { median } from "./median.ts";

readArguments({
  command: "npm run bench:hooks",
  help: "Reports how long a daemon stands still for each hook.",
});

const ROUNDS = 25;
const GOAL_MS = 50;
const tell = (line: string) => process.stdout.write(`${line}\n`);

interface Fired {
  readonly source: string;
  readonly args?: readonly string[];
  readonly env?: Environment;
  /** Read into the shell of a daemon's own script; else run as a program. */
  readonly isSourced?: true;
}

const lease = { interface: "wan0", new_ip_address: "1.2.3.4" };
const fired: readonly Fired[] = [
  { source: "pppd.sh", args: ["ppp0", "/dev/tty", "0", "1.2.3.4", "10.0.0.1", ""] },
  { source: "dhclient.sh", env: { ...lease, reason: "BOUND" }, isSourced: true },
  { source: "dhcpcd.sh", env: { ...lease, reason: "BOUND", if_up: "true" }, isSourced: true },
  { source: "udhcpc.sh", env: { interface: "wan0", ip: "1.2.3.4" } },
  { source: "networkmanager.sh", args: ["wan0", "up"], env: { IP4_ADDRESS_0: "1.2.3.4/24 1.2.3.1" } },
  { source: "networkd-dispatcher.sh", env: { IFACE: "wan0", ADDR: "1.2.3.4" } },
  { source: "ifupdown.sh", env: { IFACE: "wan0" } },
  { source: "hotplug-iface.sh", env: { ACTION: "ifup", INTERFACE: "wan", DEVICE: "wan0" }, isSourced: true },
  { source: "hotplug-ntp.sh", env: { ACTION: "stratum" }, isSourced: true },
];

function timeMs([program = "", ...args]: readonly string[], env: Environment = {}): number {
  const startMs = performance.now();
  const { status } = spawnSync(program, args, { env: { PATH: process.env.PATH, ...env }, stdio: "ignore" });
  const endMs = performance.now();
  if (status !== 0) throw new Error(`${args.join(" ")}: expected exit code 0, got ${status}`);
  return endMs - startMs;
}

/** All of a hook's rounds are one storm: what it starts is at work through all of them. */
function measure(shell: readonly string[], { source, args = [], env, isSourced }: Fired) {
  const { folder, notify } = prepareNotify(shell);
  folder.write("agent", `#!/bin/sh\nfor _ in 1 2 3; do [ ! -d ${folder.path} ] || /bin/sleep 10; done\n`);
  const hook = folder.add(source, "hook", { [NOTIFY]: notify });
  const words = isSourced ? ["-c", `. ${hook}`] : [hook, ...args];
  return Array.from({ length: ROUNDS }, () => ({
    hookMs: timeMs([...shell, ...words], env),
    nothingMs: timeMs([...shell, "-c", ":"]),
  }));
}

const longestOfAll: number[] = [];
for (const shell of shells.filter((each) => lacks(each) === undefined)) {
  tell(`${shell.join(" ")}: median and longest of ${ROUNDS}; x is the ratio to the same shell doing nothing`);
  for (const each of fired) {
    const rounds = measure(shell, each);
    const all = rounds.map(({ hookMs }) => hookMs);
    const ratio = median(all) / median(rounds.map(({ nothingMs }) => nothingMs));
    const longest = Math.max(...all);
    longestOfAll.push(longest);
    const cells = [`${median(all).toFixed(1)} ms`, `${longest.toFixed(1)} ms`, `${ratio.toFixed(2)} x`];
    tell(each.source.padEnd(24) + cells.map((cell) => cell.padStart(10)).join(""));
  }
  tell("");
}
tell(
  formatGoal({ what: "of the longest hook", found: Math.max(...longestOfAll), limit: GOAL_MS, unit: "ms" }),
);
