import type { Found } from "./device.ts";
import { checkMark } from "./mark.ts";
import type { Item } from "./plan-install.ts";

/** What becomes of a path, and why, where it stays as it is although something else was wanted. */
export type Decision =
  | { readonly action: "install" | "update" | "replace" | "remove" | "unchanged" | "none" }
  /** Not ours to change without being told to; where it is final, not even then. */
  | { readonly action: "keep"; readonly reason: string; readonly isFinal: boolean };

/** What to do where something is wanted. */
export function decideInstall(item: Item, found: Found): Decision {
  if (found.kind === "nothing") return { action: "install" };
  if (item.kind === "link") {
    if (found.kind !== "link") return keep(found);
    return found.target === item.target ? { action: "unchanged" } : keep(found);
  }
  if (found.kind !== "file") return keep(found);
  if (found.text === item.text) return { action: found.mode === item.mode ? "unchanged" : "update" };
  return checkMark(found.text) === "intact" ? { action: "update" } : keep(found);
}

/** The links of ours lead to files of this name. */
const OUR_TARGET = /(?:^|\/)update-route53(?:\.[a-z]+)?$/;

/** What to do with what was installed and is not wanted any more. */
export function decideUninstall(found: Found): Decision {
  if (found.kind === "link") return { action: OUR_TARGET.test(found.target) ? "remove" : "none" };
  if (found.kind !== "file") return { action: "none" };
  const mark = checkMark(found.text);
  if (mark === "foreign") return { action: "none" };
  return mark === "intact" ? { action: "remove" } : keep(found);
}

function keep(found: Found): Decision {
  const isFinal = found.kind === "directory";
  return { action: "keep", reason: reasonFor(found), isFinal };
}

function reasonFor(found: Found): string {
  if (found.kind === "directory") return "it is a directory";
  if (found.kind === "link") return `it is a link to ${found.target}`;
  if (found.kind !== "file") return "it is no file that can be read";
  return checkMark(found.text) === "changed"
    ? "it was changed since it was installed"
    : "somebody else wrote it";
}
