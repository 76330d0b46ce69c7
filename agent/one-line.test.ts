import { assert, describe } from "../scripts/describe.ts";
import { onOneLine } from "./one-line.ts";

describe("onOneLine", (test) => {
  const texts: [string, string][] = [
    ["  as it is, büro 日本", "  as it is, büro 日本"],
    ["a\r\n b\nc\u2028d", "a b c d"],
    ["\u001b]0;owned\u0007", "\\u001b]0;owned\\u0007"],
    ["a\u202eb\u200bc\ud800", "a\\u202eb\\u200bc\\ud800"],
  ];
  for (const [text, line] of texts) {
    test(`makes ${JSON.stringify(line)} of ${JSON.stringify(text)}`, () => assert.is(onOneLine(text), line));
  }
  test("leaves JSON what it means", () => {
    const value = { text: "a\u202eb\n\u001b" };
    assert.equal(JSON.parse(onOneLine(JSON.stringify(value))), value);
  });
});
