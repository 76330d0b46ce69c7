import type { Outcome } from "../outcome.ts";
import { stateKey } from "../state/state.ts";

export interface NewsOptions {
  readonly report: (outcome: Outcome) => void;
  /** Called with the address of a name that is again as it should be, after a trouble. */
  readonly recovered: (outcome: Outcome) => void;
}

/** Tells what is new, once: nothing while all is well, and a trouble that lasts only when it begins. */
export function createNews({ report, recovered }: NewsOptions) {
  const troubles = new Map<string, string>();
  return {
    tell(outcome: Outcome): void {
      const key = stateKey(outcome.fqdn, outcome.family);
      const before = troubles.get(key);
      const trouble = troubleOf(outcome);
      if (trouble === undefined) {
        troubles.delete(key);
        if (outcome.outcome === "published") report(outcome);
        else if (before !== undefined) recovered(outcome);
      } else if (trouble !== before) {
        troubles.set(key, trouble);
        report(outcome);
      }
    },
    /** After other settings, everything is news. */
    forget: () => troubles.clear(),
  };
}

/** What makes two troubles the same. Not the reason: it names what failed first, which varies. */
function troubleOf(outcome: Outcome): string | undefined {
  switch (outcome.outcome) {
    case "published":
    case "unchanged":
      return undefined;
    case "unavailable":
      return "unavailable";
    case "refused":
      return `refused ${outcome.ip}`;
    case "failed":
      return `failed ${outcome.exitCode} ${outcome.ip}`;
  }
}
