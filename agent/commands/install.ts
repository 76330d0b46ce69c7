import { existsSync, realpathSync } from "node:fs";
import { isSea } from "node:sea";
import { quote } from "../../lambda/contract/refusal.ts";
import type { Context } from "../context.ts";
import { type ExitCode, ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Device } from "../install/device.ts";
import { hookFiles } from "../install/hook-files.ts";
import { installedChoice } from "../install/installed-choice.ts";
import { MANIFEST_PATH } from "../install/manifest.ts";
import { makeDirectories, performSteps, removeDirectories, saveManifest } from "../install/perform.ts";
import { type Choice, planInstall } from "../install/plan-install.ts";
import {
  isChange,
  manifestAfter,
  missingDirectories,
  readManifest,
  type Step,
  stepsToInstall,
} from "../install/steps.ts";
import { advise, checkAgent, checkFound } from "./install-checks.ts";
import { openRoot, report, reportAgent, runAll, settleKept } from "./installing.ts";

/**
 * Installs the hooks of what is on the device, and what looks at the address from time to time. What is there and
 * is not ours stays, unless a person says otherwise: then the exit code is 73, after the rest was done.
 */
export async function install(context: Context): Promise<ExitCode> {
  const { given } = context;
  const isDryRun = given.switches.has("dry-run");
  const device = openRoot(context);
  const choice = readChoice(device, context);
  const plan = planInstall(device, choice, hookFiles);
  checkFound(plan);
  checkAgent(device, choice, context);
  const steps = await settleKept(stepsToInstall(device, plan.items), context);
  if (!isDryRun) apply(device, steps);
  reportAgent(choice.agent, context);
  report(steps, context);
  // Even where no file changed: they may have failed the last time, or the program is another one.
  const commands = plan.found.map(
    ({ commands }) => commands && { ...commands, all: commands.afterInstall(choice.isDaemon) },
  );
  const areRun = runAll(device, commands, context);
  advise(device, { plan, choice }, context);
  return areRun && steps.every(({ decision }) => decision.action !== "keep")
    ? exitCode.ok
    : exitCode.cannotCreate;
}

/** Nothing is touched where nothing changes. */
function apply(device: Device, steps: readonly Step[]): void {
  const changes = steps.filter(isChange);
  if (changes.length === 0) return;
  const written = changes.flatMap(({ path, item }) => (item ? [path] : []));
  const missing = missingDirectories(device, [MANIFEST_PATH, ...written]);
  const before = readManifest(device);
  const after = manifestAfter(before, steps, missing);
  const isForManifest = (directory: string) => MANIFEST_PATH.startsWith(`${directory}/`);
  // What a failure leaves behind is in the manifest by then.
  makeDirectories(device, missing.filter(isForManifest));
  saveManifest(device, after);
  makeDirectories(
    device,
    missing.filter((directory) => !isForManifest(directory)),
  );
  performSteps(device, steps);
  removeDirectories(
    device,
    before.directories.filter((directory) => !after.directories.includes(directory)),
  );
}

/** What may stand in a shell script, a unit and a crontab without being quoted. */
const PLAIN_PATH = /^\/[A-Za-z0-9._/+@-]+$/;
const INTERFACE = /^[A-Za-z0-9._@+][A-Za-z0-9._@+-]{0,14}$/;

/**
 * What is to be installed; what is not said is as it was, since `install` is also how a device is brought up to date.
 * @throws {ExpectedFailure} 64
 */
function readChoice(device: Device, { given: { texts, switches }, log }: Context): Choice {
  const agent = texts.agent?.[0] ?? ownPath(texts.root?.[0]);
  if (!PLAIN_PATH.test(agent))
    throw usage(`--agent: expected an absolute path of letters, digits and ._/+@-, got ${quote(agent)}`);
  const before = installedChoice(device);
  const interfaces = texts.interface?.[0]?.split(/[\s,]+/).filter(Boolean);
  const wrong = interfaces?.find((name) => !INTERFACE.test(name));
  if (wrong !== undefined) throw usage(`--interface: expected names of interfaces, got ${quote(wrong)}`);
  const kept = [
    ...(before.isDaemon && !switches.has("daemon") ? ["--daemon"] : []),
    ...(interfaces === undefined && before.interfaces.length > 0
      ? [`--interface ${before.interfaces.join(",")}`]
      : []),
  ];
  if (kept.length > 0) log.info(`as before: ${kept.join(" ")}; to begin anew, uninstall first`);
  return {
    agent,
    interfaces: interfaces ?? before.interfaces,
    isDaemon: before.isDaemon || switches.has("daemon"),
  };
}

/** The path of this program on the device. */
function ownPath(root: string | undefined): string {
  if (!isSea())
    throw usage("--agent: expected the path of the program, found none, and this is Node with its source");
  if (!existsSync(process.execPath))
    throw usage("--agent: expected the path of the program, found none, and without /proc it is not known");
  const path = realpathSync(process.execPath);
  if (root === undefined) return path;
  const prefix = `${realpathSync(root).replace(/\/$/, "")}/`;
  if (path.startsWith(prefix)) return `/${path.slice(prefix.length)}`;
  throw usage(
    `--agent: expected the path of the program on that device, found none, and this one is not in ${root}`,
  );
}

function usage(message: string): ExpectedFailure {
  return new ExpectedFailure(exitCode.usage, message);
}
