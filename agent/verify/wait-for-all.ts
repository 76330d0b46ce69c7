import { parseAddress } from "../../lambda/contract/address.ts";
import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import type { ServerAddress } from "../config/value-kinds.ts";
import { type Outcome, rrType } from "../outcome.ts";
import { describeAuthoritativeAnswer } from "./authoritative-answer.ts";
import { findAuthority } from "./authority.ts";
import { type Sighting, untilVisible } from "./visible.ts";

export interface Visibility {
  readonly domain: string;
  readonly type: "A" | "AAAA";
  readonly ip: string;
  readonly isVisible: boolean;
  readonly elapsedMs: number;
  /** What each name server said last, or why none was found. */
  readonly said: string;
}

export interface WaitForAllOptions {
  readonly signal: AbortSignal;
  readonly nameServers: readonly ServerAddress[] | undefined;
}

type Accepted = Extract<Outcome, { readonly outcome: "published" | "unchanged" }>;

/** Waits until the zone's own name servers answer every address that the stream has accepted. */
export async function waitForAll(
  outcomes: readonly Outcome[],
  options: WaitForAllOptions,
): Promise<readonly Visibility[]> {
  const accepted = outcomes.filter(
    (outcome): outcome is Accepted => outcome.outcome === "published" || outcome.outcome === "unchanged",
  );
  return Promise.all(accepted.map((outcome) => waitForOne(outcome, options)));
}

async function waitForOne({ fqdn, family, ip }: Accepted, options: WaitForAllOptions): Promise<Visibility> {
  const { signal, nameServers } = options;
  const domain = fqdnToWire(fqdn);
  const about = { domain, type: rrType(family), ip };
  const authority = await findAuthority(fqdn, { signal, nameServers });
  if (authority.state === "unavailable")
    return { ...about, isVisible: false, elapsedMs: 0, said: authority.reason };
  const sighting = await untilVisible(
    { fqdn, address: parseAddress(ip), servers: authority.servers },
    { signal },
  );
  return {
    ...about,
    isVisible: sighting.isVisible,
    elapsedMs: Math.round(sighting.elapsedMs),
    said: describe(sighting),
  };
}

function describe({ answers }: Sighting): string {
  return answers.map((answer) => `${answer.server}: ${describeAuthoritativeAnswer(answer)}`).join("; ");
}

/** One line for a person. */
export function describeVisibility({ domain, type, ip, isVisible, elapsedMs, said }: Visibility): string {
  const name = `${domain} ${type} ${ip}`;
  if (isVisible) return `${name} visible on all name servers after ${(elapsedMs / 1000).toFixed(1)} s`;
  return `${name} accepted by the stream, not yet visible (${said})`;
}
