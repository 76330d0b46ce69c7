import type { Answer } from "./detect.ts";

/** How the votes stand: `open` while answers that are still to come can change the outcome. */
export type Verdict = Answer | { readonly state: "open" };

/**
 * Counts the answers of responders that do not know of each other. An address is known once enough of
 * them name it and no other address can reach as many. Anything else is unavailable: one liar, or an
 * account of two lines with two addresses, must not move a name.
 * @param outstanding how many responders have not answered yet
 * @param quorum how many must agree
 */
export function countVotes(answers: readonly Answer[], outstanding: number, quorum: number): Verdict {
  const votes = new Map<string, number>();
  for (const answer of answers) {
    if (answer.state === "known") votes.set(answer.address.text, (votes.get(answer.address.text) ?? 0) + 1);
  }
  const [first, second] = [...votes.entries()].sort(([, a], [, b]) => b - a);
  const leader = first ?? ["", 0];
  const rivalVotes = (second?.[1] ?? 0) + outstanding;
  const winner = answers.find((answer) => answer.state === "known" && answer.address.text === leader[0]);
  if (winner && leader[1] >= quorum && leader[1] > rivalVotes) return winner;
  if (outstanding > 0 && leader[1] + outstanding >= quorum) return { state: "open" };
  return { from: "", state: "unavailable", reason: explain(answers, quorum, answers.length + outstanding) };
}

function explain(answers: readonly Answer[], quorum: number, responders: number): string {
  const told = answers.map((answer) =>
    answer.state === "known"
      ? `${answer.from} says ${answer.address.text}`
      : `${answer.from}: ${answer.reason}`,
  );
  return `expected ${quorum} of ${responders} to agree (${told.join("; ")})`;
}
