import { assert, describe } from "../describe.ts";
import { createNarrator } from "./narrator.ts";

const told = (who: string, what: string) => {
  let text = "";
  createNarrator((more) => {
    text += more;
  })(who, what);
  return text.replace(/^ *\d+\.\d\d/, "  0.00");
};

describe("the narrator", (test) => {
  test("puts the time and who it is about before what happens", () => {
    assert.is(told("cloud", "is ready"), "  0.00 s  cloud       is ready\n");
  });

  test("breaks what does not fit into 100 columns between words, and under them", () => {
    const word = "x".repeat(38);
    assert.is(
      told("Route 53", `${word} ${word} z ${word}`),
      `  0.00 s  Route 53    ${word} ${word}\n${" ".repeat(22)}z ${word}\n`,
    );
  });

  test("keeps a long word whole", () => {
    const word = "x".repeat(90);
    assert.is(told("DNS", `a ${word}`), `  0.00 s  DNS         a\n${" ".repeat(22)}${word}\n`);
  });
});
