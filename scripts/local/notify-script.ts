// The script that every hook starts, in a folder of its own.
import { spawnSync } from "node:child_process";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHookFolder, runHook, until } from "./hook-folder.ts";

const TOOLS = ["cat", "date", "env", "flock", "ls", "mkdir", "mv", "rm", "setsid", "tr"];
/** The path of a program; empty where it is not installed. */
export const which = (name: string) =>
  spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
/** Whether a shell has a tool in itself, such as that of busybox, which no other can replace. */
export const hasOwn = ([program = "", ...args]: readonly string[], tool: string) =>
  spawnSync(program, [...args, "-c", `PATH=/nowhere; ${tool} --help`], { stdio: "ignore" }).status !== 127;
export const noFlock = which("flock") ? undefined : "flock is not installed";

interface Options {
  readonly without?: readonly string[];
  /** What the logger says of itself; there is none where this is undefined. */
  readonly loggerHelp?: string;
  readonly interfaces?: string;
}

/** The script that every hook starts, with a program that records in the place of the agent. */
export function prepareNotify(
  shell: readonly string[],
  { without = [], loggerHelp, interfaces = "" }: Options = {},
) {
  const folder = createHookFolder();
  const { path } = folder;
  folder.makeDirectory("bin");
  for (const name of TOOLS.filter((name) => !without.includes(name)))
    symlinkSync(which(name), join(path, "bin", name));
  // A second lasts until the test says so.
  folder.write(
    "bin/sleep",
    `#!/bin/sh\necho >>${path}/naps\nwhile [ -d ${path} ] && [ ! -e ${path}/second-over ]; do /bin/sleep 0.02; done\n`,
  );
  if (loggerHelp !== undefined)
    folder.write(
      "bin/logger",
      `#!/bin/sh\n[ "$1" = --help ] && echo "${loggerHelp}" || { echo "$*"; cat; } >>${path}/log\n`,
    );
  const agent = folder.addRecorder(
    "agent",
    `cat ${path}/kernel >>${path}/read
ls /proc/$$/fd >${path}/descriptors
{ echo "$(pwd) $(umask)"; env; cat /proc/$$/stat; } >${path}/around
echo "said this"; [ ! -e ${path}/fails ]`,
  );
  writeFileSync(join(path, "kernel"), "");
  folder.makeDirectory("proc");
  const [program = "", ...args] = shell;
  const notify = folder.add("notify.sh", "notify", {
    "#!/bin/sh": `#!${[which(program), ...args].join(" ")}`,
    "agent=/usr/bin/update-route53": `agent=${agent}`,
    "memory=/run/update-route53/hook": `memory=${path}/memory`,
    "kernel=/proc/net": `kernel=${path}/proc`,
    "config=/etc/update-route53.toml": `config=${path}/config`,
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin": `PATH=${path}/bin`,
    // By its path: the shell of busybox has one of its own.
    "sleep 1": `${path}/bin/sleep 1`,
    'interfaces=""': `interfaces="${interfaces}"`,
  });
  const run = (...args: string[]) =>
    runHook([notify, ...args], { LANG: "de_DE.UTF-8", AWS_PROFILE: "other" });
  const started = (count: number) => until(`${count} starts`, () => folder.starts().length >= count);
  const exists = (name: string) => existsSync(join(path, name));
  /** The text of a file, where it is there and has what is expected. */
  const readIf = (name: string, pattern: RegExp) => {
    const text = exists(name) ? folder.read(name) : "";
    return pattern.test(text) ? text : undefined;
  };
  const endSecond = () => folder.makeDirectory("second-over");
  return { folder, notify, run, started, exists, readIf, endSecond };
}

/** The words of a start for an interface, as the agent gets them. */
export const notified = (...words: string[]) => ["notify", "--log", "plain", "--confirm", ...words];
