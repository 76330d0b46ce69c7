import { type Address, describeRange, parseAddress, specialRange } from "../../lambda/contract/address.ts";
import type { Fqdn } from "../../lambda/contract/fqdn.ts";
import type { Domain } from "../config/domain.ts";
import { withSuffix } from "../config/ipv6-suffix.ts";
import type { Detection } from "../detect/detect.ts";
import type { Outcome } from "../outcome.ts";
import { type State, stateKey } from "../state/state.ts";

/** What to do for one name and family: publish an address, or nothing, with the outcome that says why. */
export type Step =
  | {
      readonly action: "publish";
      readonly fqdn: Fqdn;
      readonly address: Address;
      readonly ttlSeconds: number | undefined;
    }
  | { readonly action: "none"; readonly outcome: Outcome };

export interface PlanOptions {
  readonly state: State;
  readonly nowMs: number;
  /** Publish what is unchanged too. */
  readonly isForced: boolean;
  /** What could not be published for longer than this is no longer worth publishing. */
  readonly pendingMaxAgeMs: number;
}

/** Decides for every name and every family in scope; what is pending comes first. */
export function plan(
  domains: readonly Domain[],
  detections: readonly Detection[],
  options: PlanOptions,
): readonly Step[] {
  const steps = domains.flatMap((domain) =>
    detections
      .filter(({ family }) => domain.families?.includes(family) ?? true)
      .map((detection) => planOne(domain, detection, options))
      .filter((step) => step !== undefined),
  );
  const isPending = (step: Step) =>
    step.action === "publish" && options.state.pending.has(stateKey(step.fqdn, step.address.family));
  return [...steps.filter(isPending), ...steps.filter((step) => !isPending(step))];
}

function planOne(domain: Domain, detection: Detection, options: PlanOptions): Step | undefined {
  const { fqdn } = domain;
  const { family } = detection;
  if (detection.state === "known") return planAddress(domain, addressFor(domain, detection.address), options);
  // What a person gave, no source need know; what was detected may be another's by now.
  const pending = pendingAddress(stateKey(fqdn, family), options);
  if (pending) return planAddress(domain, pending, options);
  if (detection.state === "absent") return undefined;
  return { action: "none", outcome: { fqdn, family, outcome: "unavailable", reason: detection.reason } };
}

function planAddress(domain: Domain, address: Address, options: PlanOptions): Step {
  const { fqdn, ttlSeconds } = domain;
  const { family, text: ip } = address;
  const range = specialRange(address);
  if (range) {
    const reason = `${ip} is not public: ${describeRange(range)}`;
    return { action: "none", outcome: { fqdn, family, outcome: "refused", ip, reason } };
  }
  if (isUnchanged(domain, address, options)) {
    return { action: "none", outcome: { fqdn, family, outcome: "unchanged", ip } };
  }
  return { action: "publish", fqdn, address, ttlSeconds };
}

/** The detected address, or for another host of the network the one that it has in the same prefix. */
function addressFor({ ipv6Suffix }: Domain, detected: Address): Address {
  return ipv6Suffix && detected.family === "ipv6" ? withSuffix(detected, ipv6Suffix) : detected;
}

function isUnchanged({ fqdn, ttlSeconds }: Domain, address: Address, options: PlanOptions): boolean {
  const { state, nowMs, isForced } = options;
  const key = stateKey(fqdn, address.family);
  const entry = state.published.get(key);
  // Something pending may have reached the stream although no answer came back.
  if (isForced || entry === undefined || state.pending.has(key)) return false;
  // Published in the future: the clock was or is wrong, and the entry does not tell how old it is.
  const isDue = nowMs >= entry.refreshAtMs || nowMs < entry.publishedAtMs;
  return !isDue && entry.ip === address.text && entry.ttlSeconds === ttlSeconds;
}

function pendingAddress(key: string, { state, nowMs, pendingMaxAgeMs }: PlanOptions): Address | undefined {
  const entry = state.pending.get(key);
  return entry?.isGiven && nowMs - entry.sinceMs <= pendingMaxAgeMs ? parseAddress(entry.ip) : undefined;
}
