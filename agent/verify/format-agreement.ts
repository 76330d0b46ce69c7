import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import { formatInstant } from "../format-instant.ts";
import { rrType } from "../outcome.ts";
import type { Agreement } from "./agreement.ts";
import { describeAuthoritativeAnswer } from "./authoritative-answer.ts";

const NOTHING = "-";
const PENDING = "PENDING";

type Column = readonly [heading: string, cell: (agreement: Agreement) => string];

const columns: readonly Column[] = [
  ["NAME", ({ fqdn }) => fqdnToWire(fqdn)],
  ["TYPE", ({ family }) => rrType(family)],
  [
    "PUBLISHED",
    ({ published }) => (published ? `${published.ip} ${formatInstant(published.publishedAtMs)}` : NOTHING),
  ],
  [PENDING, ({ pending }) => (pending ? `${pending.ip} ${formatInstant(pending.sinceMs)}` : NOTHING)],
  ["DETECTED", ({ wanted }) => (wanted.state === "known" ? wanted.address.text : NOTHING)],
  ["SERVED", formatServed],
  ["VERDICT", formatVerdict],
];

/** The cells of a table, one row per name and family; with a column for what is pending only where something is. */
export function agreementTable(agreements: readonly Agreement[]): readonly (readonly string[])[] {
  const isAnyPending = agreements.some(({ pending }) => pending !== undefined);
  const shown = columns.filter(([heading]) => heading !== PENDING || isAnyPending);
  const rows = agreements.map((agreement) => shown.map(([, cell]) => cell(agreement)));
  return [shown.map(([heading]) => heading), ...rows];
}

/** A line for each thing that is not as it should be. */
export function describeObjections({ fqdn, family, reasons }: Agreement): readonly string[] {
  return reasons.map((reason) => `${fqdnToWire(fqdn)} ${rrType(family)}: ${reason}`);
}

/** One line of JSON for a program. */
export function encodeAgreement(agreement: Agreement): string {
  const { fqdn, family, published, pending, wanted, served, verdict, reasons, sinceMs } = agreement;
  return JSON.stringify({
    domain: fqdnToWire(fqdn),
    type: rrType(family),
    verdict,
    ...(sinceMs !== undefined && { since: formatInstant(sinceMs) }),
    ...(published && { published: { ip: published.ip, at: formatInstant(published.publishedAtMs) } }),
    ...(pending && {
      pending: {
        ip: pending.ip,
        since: formatInstant(pending.sinceMs),
        given: pending.isGiven === true,
        ...(pending.nextIp !== undefined && { next: pending.nextIp }),
      },
    }),
    ...(wanted.state === "known" && { detected: wanted.address.text }),
    ...("reason" in served ? {} : { served }),
    reasons,
  });
}

function formatVerdict({ verdict, sinceMs }: Agreement): string {
  if (sinceMs === undefined) return verdict;
  return `${verdict} since ${formatInstant(sinceMs)}${verdict === "agrees" ? "" : " at the earliest"}`;
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
