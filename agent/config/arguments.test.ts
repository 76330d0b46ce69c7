import { assert, describe } from "../../scripts/describe.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import { parseArguments } from "./arguments.ts";

const flags = { ip: { type: "string" }, stream: { type: "string" }, json: { type: "boolean" } } as const;
const parse = (...argv: string[]) => parseArguments(argv, flags, new Set(["ip"]));

describe("parseArguments", (test) => {
  test("reads flags in both forms, repeated ones in order, switches and positionals", () => {
    const { texts, switches, positionals } = parse(
      "--ip",
      "1.2.3.4",
      "a",
      "--ip=::1",
      "--stream=x=y",
      "--json",
      "b",
    );
    assert.equal(texts, { ip: ["1.2.3.4", "::1"], stream: ["x=y"] });
    assert.equal([...switches], ["json"]);
    assert.equal(positionals, ["a", "b"]);
  });

  const refused: [string[], string][] = [
    [["--sream", "x"], "unknown flag --sream, did you mean --stream?"],
    [["--zzzzzzz"], "unknown flag --zzzzzzz"],
    [["-x"], "unknown flag -x"],
    [["--no-json"], "unknown flag --no-json, did you mean --json?"],
    [["--stream"], "--stream: expected a value, found none"],
    [["--stream="], "--stream: expected a value, found none"],
    [["--stream", "--json"], "--stream: expected a value, found none"],
    [["--stream", "a", "--stream", "b"], "--stream: expected once, found 2 times"],
    [["--json=yes"], '--json: expected no value, got "yes"'],
    [["--\u001b[2J"], "unknown flag --\\u001b[2J"],
    [["--__proto__"], "unknown flag --__proto__"],
    [["--constructor=1"], "unknown flag --constructor"],
  ];
  for (const [argv, message] of refused) {
    test(`refuses ${JSON.stringify(argv)}`, () => {
      let found: unknown;
      try {
        parse(...argv);
      } catch (error) {
        found = error;
      }
      assert.instance(found, ExpectedFailure);
      assert.is((found as ExpectedFailure).message, message);
      assert.is((found as ExpectedFailure).exitCode, exitCode.usage);
    });
  }
});
