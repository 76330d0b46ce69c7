import type { Family } from "../../lambda/contract/address.ts";
import type { Answer, Finding, Source } from "./detect.ts";
import { countVotes, type Verdict } from "./quorum.ts";

const ANSWER_TIMEOUT_MS = 8_000;

/** For one responder: ends with the given signal, and when the time for an answer is over. */
export function answerDeadline(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
}

/** Asks one responder, no longer than the time for an answer. What goes wrong is an answer. */
export type Responder = (family: Family, signal: AbortSignal) => Promise<Answer>;

export interface CheckOptions {
  /** How many must agree. */
  readonly quorum: number;
  /** Wait for every answer, for a person who wants to see them, although the outcome is certain. */
  readonly isThorough: boolean;
}

/**
 * The source that asks independent responders at once and believes what enough of them agree on. Ends as
 * soon as the outcome is certain, and then aborts the requests still under way.
 */
export function checkSource(responders: readonly Responder[], { quorum, isThorough }: CheckOptions): Source {
  return {
    name: "check",
    async ask(family, signal) {
      const settled = new AbortController();
      const ending = AbortSignal.any([signal, settled.signal]);
      const { promise, resolve } = Promise.withResolvers<Finding>();
      const answers: Answer[] = [];
      const conclude = (verdict: Verdict) => {
        if (verdict.state === "open" || (isThorough && answers.length < responders.length)) return;
        settled.abort();
        resolve({ ...verdict, from: "check", answers: [...answers] });
      };
      for (const ask of responders) {
        void ask(family, ending).then((answer) => {
          answers.push(answer);
          conclude(countVotes(answers, responders.length - answers.length, quorum));
        });
      }
      return promise;
    },
  };
}
