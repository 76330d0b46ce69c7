import type { Family } from "../../lambda/contract/address.ts";
import type { Answer, Finding, Source } from "./detect.ts";
import { countVotes, type Verdict } from "./quorum.ts";

const ANSWER_TIMEOUT_MS = 8_000;

/** Asks one responder. What goes wrong is an answer. */
export type Responder = (family: Family, signal: AbortSignal) => Promise<Answer>;

/**
 * The source that asks independent responders at once and believes what enough of them agree on. Ends as
 * soon as the outcome is certain, and then aborts the requests still under way.
 */
export function checkSource(responders: readonly Responder[], quorum: number): Source {
  return {
    name: "check",
    async ask(family, signal) {
      const settled = new AbortController();
      const deadline = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
      const { promise, resolve } = Promise.withResolvers<Finding>();
      const answers: Answer[] = [];
      const conclude = (verdict: Verdict) => {
        if (verdict.state === "open") return;
        settled.abort();
        resolve({ ...verdict, from: "check", answers: [...answers] });
      };
      for (const ask of responders) {
        void ask(family, deadline).then((answer) => {
          answers.push(answer);
          conclude(countVotes(answers, responders.length - answers.length, quorum));
        });
      }
      return promise;
    },
  };
}
