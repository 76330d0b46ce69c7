import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { Context } from "../context.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { type Device, openDevice } from "../install/device.ts";
import { encodeStep, formatAgent, formatStep } from "../install/format-step.ts";
import type { Command, Commands } from "../install/mechanisms.ts";
import type { Step } from "../install/steps.ts";
import { runCommand } from "../install/write.ts";

/** @throws {ExpectedFailure} 64 where there is no such directory */
export function openRoot({ given }: Context): Device {
  const root = given.texts.root?.[0] ?? "/";
  try {
    return openDevice(root);
  } catch (cause) {
    throw new ExpectedFailure(exitCode.usage, `--root: expected a directory, found none at ${root}`, {
      cause,
    });
  }
}

/** Asks about each path that would be kept, where somebody is there to answer; --force is the answer for all. */
export async function settleKept(steps: readonly Step[], context: Context): Promise<readonly Step[]> {
  const { switches } = context.given;
  const settled: Step[] = [];
  for (const step of steps) {
    const isOpen = step.decision.action === "keep" && !step.decision.isFinal;
    const passes = isOpen && (switches.has("force") || (await isAgreed(step, context)));
    settled.push(passes ? { ...step, decision: { action: step.item ? "replace" : "remove" } } : step);
  }
  return settled;
}

/** As a shell shows the end by SIGINT. */
const INTERRUPTED = 130;

async function isAgreed({ path, item, decision }: Step, { given: { switches } }: Context): Promise<boolean> {
  const isAsked =
    process.stdin.isTTY && process.stderr.isTTY && !switches.has("dry-run") && !switches.has("json");
  if (!isAsked || decision.action !== "keep") return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on("SIGINT", () => process.exit(INTERRUPTED));
  const question = `${path}: ${decision.reason}. ${item ? "Replace" : "Remove"} it? [y/N] `;
  const closed = once(terminal, "close").then(() => "");
  const answer = await Promise.race([terminal.question(question).catch(() => ""), closed]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Prints which program the hooks start. */
export function reportAgent(agent: string, { given: { switches }, print }: Context): void {
  print(
    switches.has("json") ? JSON.stringify({ program: agent }) : formatAgent(agent, switches.has("dry-run")),
  );
}

/** Prints what became of each path. */
export function report(steps: readonly Step[], { given: { switches }, print }: Context): void {
  const format = switches.has("json") ? encodeStep : formatStep;
  for (const step of steps) print(format(step, switches.has("dry-run")));
}

export type Run = Pick<Commands, "running"> & { readonly all: readonly Command[] };

/**
 * Runs commands, where the device is this machine and what they speak to is there.
 * @returns whether all ended well
 */
export function runAll(
  { has }: Device,
  runs: readonly (Run | undefined)[],
  { given: { texts, switches }, log }: Context,
): boolean {
  if (texts.root !== undefined || switches.has("dry-run")) return true;
  let isWell = true;
  for (const run of runs) {
    if (!run?.running.some(has)) continue;
    for (const [first = "", ...args] of run.all) {
      const problem = runCommand([first.replace(/^-/, ""), ...args]);
      if (problem === undefined || first.startsWith("-")) continue;
      log.error(`${[first, ...args].join(" ")}: ${problem}`);
      isWell = false;
    }
  }
  return isWell;
}
