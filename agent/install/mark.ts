import { createHash } from "node:crypto";

const MARK =
  /^# Written by update-route53 install \(sha256 of the rest: ([0-9a-f]{64})\)\. update-route53 uninstall removes it\.\n/m;

/** The text with a line that says who wrote it, below the one that names its interpreter. */
export function addMark(text: string): string {
  const mark = `# Written by update-route53 install (sha256 of the rest: ${hash(text)}). update-route53 uninstall removes it.\n`;
  const [shebang = ""] = /^#!.*\n/.exec(text) ?? [];
  return shebang + mark + text.slice(shebang.length);
}

/** Whether a text is as it was when the mark was added, was changed since, or never had one. */
export function checkMark(text: string): "intact" | "changed" | "foreign" {
  const found = MARK.exec(text);
  if (!found) return "foreign";
  return hash(text.replace(found[0], "")) === found[1] ? "intact" : "changed";
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
