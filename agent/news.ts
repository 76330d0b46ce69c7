import { exitCode } from "./exit-code.ts";
import type { Outcome } from "./outcome.ts";
import { stateKey } from "./state/state.ts";

export interface News {
  readonly add: (outcomes: readonly Outcome[]) => void;
  /** Reports what nothing newer has made good, and returns the latest outcome of each name and family. */
  readonly conclude: () => readonly Outcome[];
}

/** Reports what is new in each round, and only at the end what could not be learnt or published in any. */
export function collectNews(report: (outcome: Outcome) => void): News {
  const latest = new Map<string, Outcome>();
  return {
    add(outcomes) {
      for (const outcome of outcomes) {
        const key = stateKey(outcome.fqdn, outcome.family);
        if (!isNews(outcome, latest.get(key))) continue;
        latest.set(key, outcome);
        if (!isProvisional(outcome)) report(outcome);
      }
    },
    conclude() {
      const all = [...latest.values()];
      for (const outcome of all.filter(isProvisional)) report(outcome);
      return all;
    },
  };
}

/** "Unchanged" is no news of a name that was published a moment ago, nor "unavailable" of anything. */
function isNews({ outcome }: Outcome, before: Outcome | undefined): boolean {
  if (before === undefined) return true;
  if (outcome === "unavailable") return before.outcome === "unavailable";
  return outcome !== "unchanged" || (before.outcome !== "published" && before.outcome !== "unchanged");
}

/** Whether a later round may still make it good. */
export function isProvisional(outcome: Outcome): boolean {
  if (outcome.outcome === "failed") return outcome.exitCode === exitCode.tryAgain;
  return outcome.outcome === "unavailable";
}
