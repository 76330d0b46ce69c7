// Scenarios in sandboxes: real daemons that fire the installed hooks, in namespaces or in a kernel of their own.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert, describe } from "../describe.ts";
import { removeCgroups } from "./cgroups.ts";

const FOLDER = import.meta.dirname;
const CHECKOUT = dirname(dirname(FOLDER));
const TIMEOUT_MS = 240_000;
/** What `unshare` makes; a sandbox has the network of nobody, and ends with its first process. */
const NAMESPACES = ["--net", "--mount", "--uts", "--ipc", "--pid", "--propagation", "private"];

/** A file of each Debian package that a scenario may need. */
const FILE_OF_PACKAGE: Readonly<Record<string, string>> = {
  "busybox-static": "/bin/busybox",
  "dbus-daemon": "/usr/bin/dbus-daemon",
  "dnsmasq-base": "/usr/sbin/dnsmasq",
  "dhcpcd-base": "/usr/sbin/dhcpcd",
  ifupdown: "/sbin/ifup",
  "isc-dhcp-client": "/sbin/dhclient",
  iproute2: "/sbin/ip",
  "network-manager": "/usr/sbin/NetworkManager",
  "networkd-dispatcher": "/usr/bin/networkd-dispatcher",
  ppp: "/usr/sbin/pppd",
  pppoe: "/usr/sbin/pppoe-server",
  procps: "/usr/bin/pgrep",
  radvd: "/usr/sbin/radvd",
  systemd: "/lib/systemd/systemd-networkd",
  udhcpc: "/etc/udhcpc/default.script",
  "user-mode-linux": "/usr/bin/linux.uml",
};

interface Outcome {
  readonly transcript: string;
  /** For each sentence "" where it was true, else what was seen instead. */
  readonly told: ReadonlyMap<string, string>;
  /** Processes and cgroups of the sandbox that still are there. */
  readonly survivors: readonly string[];
}

/**
 * Defines a suite with a test for each sentence of the scenario `NAME.sh`, which runs once.
 * @param whyElse why it cannot run here, besides what every scenario and its packages need
 */
export function describeScenario(name: string, suite: string, whyElse?: string): void {
  const text = readFileSync(join(FOLDER, `${name}.sh`), "utf8");
  const needs = /^# needs: (.*)$/m.exec(text)?.[1]?.split(" ") ?? [];
  const reason = whyElse ?? whyNot([...needs, "busybox-static", "iproute2", "procps"]);
  const mounts = readMounts();
  let outcome: Promise<Outcome> | undefined;
  const runOnce = () => {
    outcome ??= runScenario(name, needs.includes("user-mode-linux"));
    return outcome;
  };
  describe(suite, (test) => {
    for (const [, sentence = ""] of text.matchAll(/^ *it "([^"]+)"/gm)) {
      test.unless(reason, sentence, async () => {
        const { told, transcript } = await runOnce();
        const seen = told.get(sentence) ?? `the scenario did not come to this:\n${transcript.slice(-4000)}`;
        if (seen !== "") throw new Error(`not so: ${sentence}\n${seen}`);
      });
    }
    test.unless(reason, "has left no process, cgroup, mount or network on this machine", async () => {
      const { survivors } = await runOnce();
      assert.equal(survivors, []);
      assert.equal(readMounts(), mounts);
    });
  });
}

/** Why no scenario with these packages can run here; undefined where one can. */
function whyNot(packages: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  if (spawnSync("unshare", [...NAMESPACES, "--fork", "mount", "-t", "tmpfs", "lab", "/mnt"]).status !== 0) {
    return "needs namespaces";
  }
  const missing = packages.filter((name) => {
    const file = FILE_OF_PACKAGE[name];
    if (file === undefined) throw new Error(`expected a known package, got "${name}"`);
    return !existsSync(file);
  });
  return missing.length > 0 ? `needs ${missing.join(" and ")}` : undefined;
}

async function runScenario(name: string, isInKernel: boolean): Promise<Outcome> {
  const words = [join(FOLDER, "pid1.sh"), CHECKOUT, name, process.env.LAB_FAULT ?? "none"];
  const script = isInKernel ? [join(FOLDER, "uml.sh"), ...words] : words;
  const unshare = ["unshare", ...NAMESPACES, "--fork", "--kill-child=KILL", "/bin/sh", ...script];
  const lab = String(process.pid);
  // Where this process is killed, so is the sandbox.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...unshare], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LAB: lab },
  });
  let transcript = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      transcript += text;
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
  const namespaces = new Set<string>();
  child.stdout.once("data", () => {
    for (const pid of childrenOf(child.pid ?? 0)) namespaces.add(readNamespace(pid));
  });
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  // Where it was killed, there are some.
  const cgroups = removeCgroups(lab);
  if (namespaces.size === 0) throw new Error(`the sandbox said nothing\n${transcript}`);
  return {
    transcript,
    told: readSentences(transcript),
    survivors: [...pids().filter((pid) => namespaces.has(readNamespace(pid))), ...cgroups],
  };
}

function readSentences(transcript: string): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  for (const part of transcript.replaceAll("\r", "").split(/^(?=(?:not )?ok - )/m)) {
    const [, not, sentence = "", seen = ""] = /^(not )?ok - (.*)\n((?: .*\n)*)/.exec(part) ?? [];
    told.set(sentence, not === undefined ? "" : seen || "(nothing was seen)");
  }
  return told;
}

const pids = () => readdirSync("/proc").filter((name) => /^\d+$/.test(name));

function childrenOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
}

/** The process namespace of a process; "" where it has just ended. */
function readNamespace(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return "";
  }
}

function readMounts(): readonly string[] {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return [...mounts, ...(existsSync("/run/netns") ? readdirSync("/run/netns") : [])];
}
