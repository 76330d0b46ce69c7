import {
  type Address,
  describeRange,
  type Family,
  parseAddress,
  specialRange,
} from "../../lambda/contract/address.ts";
import { quote } from "../../lambda/contract/refusal.ts";

/** What one responder says of the address of one family. */
export type Answer =
  | { readonly from: string; readonly state: "known"; readonly address: Address }
  | { readonly from: string; readonly state: "unavailable"; readonly reason: string };

/** What a source makes of the answers it got; one that asks several responders tells them all. */
export type Finding = Answer & { readonly answers: readonly Answer[] };

/** Somewhere to learn an address. What goes wrong outside is an answer, not an error. */
export interface Source {
  readonly name: string;
  readonly ask: (family: Family, signal: AbortSignal) => Promise<Finding>;
}

/**
 * What is known of one family: not asked for, asked for but not learnt, learnt. Only `known` may be
 * published; `unavailable` changes nothing anywhere.
 */
export type Detection =
  | { readonly family: Family; readonly state: "absent" }
  | {
      readonly family: Family;
      readonly state: "unavailable";
      readonly reason: string;
      readonly findings: readonly Finding[];
    }
  | {
      readonly family: Family;
      readonly state: "known";
      readonly address: Address;
      readonly findings: readonly Finding[];
    };

/** Asks the sources in their order, until one knows the address. */
export async function detect(
  family: Family,
  sources: readonly Source[],
  signal: AbortSignal,
): Promise<Detection> {
  const findings: Finding[] = [];
  for (const source of sources) {
    const finding = await source.ask(family, signal);
    findings.push(finding);
    if (finding.state === "known") return { family, state: "known", address: finding.address, findings };
  }
  return concludeNothing(family, findings);
}

/** Asks every source, for a person who wants to see them all; the first that knows still decides. */
export async function detectThoroughly(
  family: Family,
  sources: readonly Source[],
  signal: AbortSignal,
): Promise<Detection> {
  const findings = await Promise.all(sources.map((source) => source.ask(family, signal)));
  const first = findings.find((finding) => finding.state === "known");
  if (first?.state === "known") return { family, state: "known", address: first.address, findings };
  return concludeNothing(family, findings);
}

function concludeNothing(family: Family, findings: readonly Finding[]): Detection {
  const reasons = findings.map((finding) =>
    finding.state === "unavailable" ? `${finding.from}: ${finding.reason}` : "",
  );
  return { family, state: "unavailable", reason: reasons.join("; "), findings };
}

/** Judges a text that a responder gives as the address: only a public one of the wanted family is known. */
export function judge(from: string, text: string, family: Family): Answer {
  const unavailable = (reason: string): Answer => ({ from, state: "unavailable", reason });
  let address: Address;
  try {
    address = parseAddress(text);
  } catch {
    return unavailable(`expected an address, got ${quote(text)}`);
  }
  if (address.family !== family) return unavailable(`expected an ${family} address, got ${address.text}`);
  const range = specialRange(address);
  if (range) return unavailable(`${address.text} is not public: ${describeRange(range)}`);
  return { from, state: "known", address };
}
