import type { Decision } from "./decide.ts";
import type { Step } from "./steps.ts";

const DONE: Readonly<Record<Decision["action"], string>> = {
  install: "installed",
  update: "updated",
  replace: "replaced",
  remove: "removed",
  unchanged: "unchanged",
  keep: "kept",
  none: "",
};
const WIDTH = 10;
const DRY_RUN_WIDTH = 15;

/** One line for a person: what became of a path, or what would. */
export function formatStep({ path, mechanism, decision }: Step, isDryRun: boolean): string {
  const { action } = decision;
  const isChange = action !== "unchanged" && action !== "keep";
  const word = isDryRun && isChange ? `would ${action}` : DONE[action];
  const subject = mechanism === "" ? path : `${path}  (${mechanism})`;
  const reason =
    action === "keep" ? `: ${decision.reason}${decision.isFinal ? "" : "; --force overrules that"}` : "";
  return `${word.padEnd(isDryRun ? DRY_RUN_WIDTH : WIDTH)} ${subject}${reason}`;
}

/** What the rest is about: the program that the hooks start. */
export function formatAgent(agent: string, isDryRun: boolean): string {
  return `${"program".padEnd(isDryRun ? DRY_RUN_WIDTH : WIDTH)} ${agent}`;
}

/** The same as one object for programs. */
export function encodeStep({ path, mechanism, decision }: Step, isDryRun: boolean): string {
  const { action } = decision;
  return JSON.stringify({
    path,
    ...(mechanism && { mechanism }),
    outcome: DONE[action],
    ...(action === "keep" && { reason: decision.reason }),
    ...(isDryRun && { dryRun: true }),
  });
}
