import { assert, describe } from "../../scripts/describe.ts";
import { nearest } from "./nearest.ts";

describe("nearest", (test) => {
  const known = ["stream", "region", "domains", "access_key_id"];
  const words: [string, string | undefined][] = [
    ["streem", "stream"],
    ["rgion", "region"],
    ["domain", "domains"],
    ["acces_key_id", "access_key_id"],
    ["zzzzzz", undefined],
    ["", undefined],
  ];
  for (const [word, expected] of words) {
    test(`of ${word} is ${expected}`, () => assert.is(nearest(word, known), expected));
  }
  test("of nothing known is nothing", () => assert.is(nearest("a", []), undefined));
});
