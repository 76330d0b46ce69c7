import { assert, describe } from "../../scripts/describe.ts";
import { lineOfKey } from "./toml-lines.ts";

const toml = `# stream = "no"
stream = "a"
"quoted" = 1
a . b = 2

[ipv6]
sources = ["x"]
[[things]]
name = "y"
`;

describe("lineOfKey", (test) => {
  const lines: [string, number | undefined][] = [
    ["stream", 2],
    ["quoted", 3],
    ["a.b", 4],
    ["a", 4],
    ["ipv6", 6],
    ["ipv6.sources", 7],
    ["sources", undefined],
    ["things", 8],
    ["things.name", 9],
    ["none", undefined],
  ];
  for (const [path, line] of lines)
    test(`finds ${path} in ${line}`, () => assert.is(lineOfKey(toml, path), line));
});
