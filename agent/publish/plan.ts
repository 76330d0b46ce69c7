import { type Address, describeRange, specialRange } from "../../lambda/contract/address.ts";
import type { Fqdn } from "../../lambda/contract/fqdn.ts";
import type { Domain } from "../config/value-kinds.ts";
import type { Detection } from "../detect/detect.ts";
import type { Outcome } from "../outcome.ts";

/** What to do for one name and family: publish an address, or nothing, with the outcome that says why. */
export type Step =
  | { readonly action: "publish"; readonly fqdn: Fqdn; readonly address: Address }
  | { readonly action: "none"; readonly outcome: Outcome };

/** Decides for every name and every family in scope. */
export function plan(domains: readonly Domain[], detections: readonly Detection[]): readonly Step[] {
  return domains.flatMap(({ fqdn }) =>
    detections.map((detection) => planOne(fqdn, detection)).filter((step) => step !== undefined),
  );
}

function planOne(fqdn: Fqdn, detection: Detection): Step | undefined {
  const { family } = detection;
  if (detection.state === "absent") return undefined;
  if (detection.state === "unavailable") {
    return { action: "none", outcome: { fqdn, family, outcome: "unavailable", reason: detection.reason } };
  }
  const { address } = detection;
  const range = specialRange(address);
  if (!range) return { action: "publish", fqdn, address };
  const reason = `${address.text} is not public: ${describeRange(range)}`;
  return { action: "none", outcome: { fqdn, family, outcome: "refused", ip: address.text, reason } };
}
