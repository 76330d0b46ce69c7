// The identifiers of hosted zones and changes.
import { createHash } from "node:crypto";

/** An identifier of AWS's form, the same for the same words, so that a run can be repeated and compared. */
export function makeId(prefix: "C" | "Z", words: string): string {
  const hash = createHash("sha256").update(words).digest("hex").slice(0, 24);
  return prefix + BigInt(`0x${hash}`).toString(36).toUpperCase().padStart(19, "0").slice(-19);
}

/** The API gives `/hostedzone/Z…` and `/change/C…`, and takes them with or without what comes before the id. */
export function bareId(id: unknown): string {
  return String(id ?? "").replace(/^\/(hostedzone|change)\//, "");
}
