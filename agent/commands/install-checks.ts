import { DEFAULT_CONFIG_PATH } from "../config/load-settings.ts";
import type { Context } from "../context.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { Device } from "../install/device.ts";
import { EVERY_HOOK, mechanisms } from "../install/mechanisms.ts";
import type { Choice, InstallPlan } from "../install/plan-install.ts";
import { isProgram, ROOT_ALONE, type Trusted, whoCanReplace } from "../install/replaceable.ts";

/** @throws {ExpectedFailure} 73 where nothing would ever start the program */
export function checkFound({ found }: InstallPlan): void {
  if (found.some(({ name }) => name !== EVERY_HOOK)) return;
  const names = new Set(mechanisms.map(({ name }) => name).filter((name) => name !== EVERY_HOOK));
  const problem = `expected one of ${[...names].join(", ")}, found none, so that there is nothing to install`;
  const advice = 'have "update-route53 run" started at boot';
  throw new ExpectedFailure(exitCode.cannotCreate, `${problem}; ${advice}`);
}

/** @throws {ExpectedFailure} 64 where it is no program, or others than root could have theirs run as root */
export function checkAgent(
  device: Device,
  { agent }: Choice,
  { given: { texts, switches }, log }: Context,
): void {
  const trail = device.trail(agent);
  if (!device.has(agent)) log.warn(`${agent}: there is no such file yet, which all of this starts`);
  else if (!isProgram(trail))
    throw new ExpectedFailure(
      exitCode.usage,
      `${agent}: expected a program, found no file that can be executed`,
    );
  const found = whoCanReplace(trail, texts.root === undefined ? ROOT_ALONE : ROOT_AND_MAKER);
  if (found === undefined) return;
  const problem = `${agent}: expected a program that only root can replace, because root runs it, but ${found}`;
  const told = `${problem}; mend that, or move it, such as to /usr/bin`;
  if (!switches.has("force")) throw new ExpectedFailure(exitCode.usage, `${told}, or say --force`);
  log.warn(told);
}

/** The files of an image may belong to who makes it. */
const ROOT_AND_MAKER: Trusted = {
  users: [...ROOT_ALONE.users, process.geteuid?.() ?? 0],
  groups: [...ROOT_ALONE.groups, process.getegid?.() ?? 0],
};

const SAFETY_NETS = ["OpenWrt", "systemd", "cron"];
const SERVICE_MANAGERS = ["OpenWrt", "systemd"];

/** What a person must know or do. */
export function advise(
  device: Device,
  { plan, choice }: { readonly plan: InstallPlan; readonly choice: Choice },
  { given: { texts }, log }: Context,
): void {
  const isThisMachine = texts.root === undefined;
  const names = plan.found.map(({ name }) => name);
  for (const { name, note, commands } of plan.found) {
    const told = note?.(device);
    if (told) log.warn(told);
    if (commands && isThisMachine && !commands.running.some(device.has))
      log.warn(`${name} does not run here: ${commands.about} is started when it does`);
  }
  if (!names.some((name) => SAFETY_NETS.includes(name)))
    log.warn("neither procd, systemd nor cron is here: an address that no hook tells of is not seen");
  if (choice.isDaemon && !names.some((name) => SERVICE_MANAGERS.includes(name)))
    log.warn("--daemon: neither procd nor systemd is here, so that nothing starts update-route53 run");
  if (!device.has(DEFAULT_CONFIG_PATH))
    log.info(`next: write ${DEFAULT_CONFIG_PATH}, then say "update-route53 doctor"`);
}
