import fc from "fast-check";
import { parseAddress } from "../../lambda/contract/address.ts";
import { assert, describe } from "../../scripts/describe.ts";
import type { Answer } from "./detect.ts";
import { countVotes } from "./quorum.ts";

/** Votes as letters: a and b name two addresses, x knows none. */
const answersOf = (votes: string): Answer[] =>
  [...votes].map((vote, index) =>
    vote === "x"
      ? { from: `s${index}`, state: "unavailable", reason: "no answer in time" }
      : { from: `s${index}`, state: "known", address: parseAddress(vote === "a" ? "1.1.1.1" : "8.8.8.8") },
  );

function outcome(votes: string, outstanding: number, quorum: number): string {
  const verdict = countVotes(answersOf(votes), outstanding, quorum);
  return verdict.state === "known" ? verdict.address.text : verdict.state;
}

describe("countVotes", (test) => {
  const cases: [string, number, number, string][] = [
    ["", 3, 2, "open"],
    ["a", 2, 2, "open"],
    ["aa", 1, 2, "1.1.1.1"],
    ["ab", 1, 2, "open"],
    ["aba", 0, 2, "1.1.1.1"],
    ["abx", 0, 2, "unavailable"],
    ["xx", 1, 2, "unavailable"],
    ["axx", 0, 2, "unavailable"],
    ["a", 0, 1, "1.1.1.1"],
    // Two of five agree, but two others do too, or still may.
    ["aabbx", 0, 2, "unavailable"],
    ["aa", 3, 2, "open"],
    ["aaxx", 1, 2, "1.1.1.1"],
    ["aabb", 1, 2, "open"],
  ];
  for (const [votes, outstanding, quorum, expected] of cases) {
    test(`of "${votes}" with ${outstanding} to come and a quorum of ${quorum} is ${expected}`, () => {
      assert.is(outcome(votes, outstanding, quorum), expected);
    });
  }

  test("says who said what", () => {
    const verdict = countVotes(answersOf("abx"), 0, 2);
    assert.is(
      verdict.state === "unavailable" && verdict.reason,
      "expected 2 of 3 to agree (s0 says 1.1.1.1; s1 says 8.8.8.8; s2: no answer in time)",
    );
  });

  test("never takes back an outcome that was certain, in any order of answers", () => {
    const ballots = fc.tuple(
      fc.array(fc.constantFrom("a", "b", "x"), { minLength: 1, maxLength: 7 }),
      fc.integer({ min: 1, max: 7 }),
    );
    fc.assert(
      fc.property(ballots, ([votes, quorum]) => {
        const final = outcome(votes.join(""), 0, quorum);
        for (let heard = 0; heard < votes.length; heard++) {
          const early = outcome(votes.slice(0, heard).join(""), votes.length - heard, quorum);
          assert.ok(
            early === "open" || early === final,
            `${early} after ${heard} of ${votes}, then ${final}`,
          );
        }
      }),
    );
  });
});
