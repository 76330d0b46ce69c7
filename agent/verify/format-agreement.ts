import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import { rrType } from "../outcome.ts";
import type { Agreement } from "./agreement.ts";
import { describeAuthoritativeAnswer } from "./authoritative-answer.ts";

const HEADINGS = ["NAME", "TYPE", "PUBLISHED", "DETECTED", "SERVED", "VERDICT"];
const NOTHING = "-";

/** The cells of a table, one row per name and family. */
export function agreementTable(agreements: readonly Agreement[]): readonly (readonly string[])[] {
  const rows = agreements.map((agreement) => {
    const { fqdn, family, published, wanted } = agreement;
    return [
      fqdnToWire(fqdn),
      rrType(family),
      published ? `${published.ip} ${formatTime(published.publishedAtMs)}` : NOTHING,
      wanted.state === "known" ? wanted.address.text : NOTHING,
      formatServed(agreement),
      formatVerdict(agreement),
    ];
  });
  return [HEADINGS, ...rows];
}

/** A line for each thing that is not as it should be. */
export function describeObjections({ fqdn, family, reasons }: Agreement): readonly string[] {
  return reasons.map((reason) => `${fqdnToWire(fqdn)} ${rrType(family)}: ${reason}`);
}

/** One line of JSON for a program. */
export function encodeAgreement(agreement: Agreement): string {
  const { fqdn, family, published, wanted, served, verdict, reasons, sinceMs } = agreement;
  return JSON.stringify({
    domain: fqdnToWire(fqdn),
    type: rrType(family),
    verdict,
    ...(sinceMs !== undefined && { since: formatTime(sinceMs) }),
    ...(published && { published: { ip: published.ip, at: formatTime(published.publishedAtMs) } }),
    ...(wanted.state === "known" && { detected: wanted.address.text }),
    ...("reason" in served ? {} : { served }),
    reasons,
  });
}

function formatVerdict({ verdict, sinceMs }: Agreement): string {
  if (sinceMs === undefined) return verdict;
  return `${verdict} since ${formatTime(sinceMs)}${verdict === "agrees" ? "" : " at the earliest"}`;
}

/** Each different answer, with how many servers give it. */
function formatServed({ served }: Agreement): string {
  if ("reason" in served) return NOTHING;
  const counts = new Map<string, number>();
  for (const answer of served) {
    const told = answer.state === "unavailable" ? "unknown" : describeAuthoritativeAnswer(answer);
    counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  return [...counts].map(([told, count]) => `${told} (${count} of ${served.length})`).join(", ");
}

/** RFC 3339, to the second. What comes from a file can be any number. */
function formatTime(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? "at an impossible time" : date.toISOString().replace(/\.\d+Z$/, "Z");
}
