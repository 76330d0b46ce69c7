import { Readable } from "node:stream";
import fc from "fast-check";
import { assert, describe } from "../../describe.ts";
import { cleanUp, start } from "./fixture.ts";
import { readLines } from "./log.ts";

describe("the log of a local function", (test) => {
  test.after(cleanUp);

  test("has one line for each console call, as JSON, complete when the invocation is", async () => {
    const seen: string[] = [];
    const local = await start(
      `console.info({ domain: "a.example.", count: 2 });
       console.error("two\\nlines", new RangeError("bad"));
       process.stdout.write('{"_aws":{}}\\n');
       process.stderr.write("raw 日本\\n");`,
      { onLog: (line) => seen.push(line) },
    );
    const { requestId } = await local.invoke({});
    const lines = local.logLines.filter((line) => !line.startsWith("raw"));
    const [info, error] = lines.map((line) => JSON.parse(line));
    assert.is(local.logLines.length, 4);
    assert.equal(
      [info.level, info.requestId, info.message],
      ["INFO", requestId, { domain: "a.example.", count: 2 }],
    );
    assert.equal([error.level, error.errorType, error.errorMessage], ["ERROR", "RangeError", "bad"]);
    assert.is(lines[2], '{"_aws":{}}');
    assert.ok(local.logLines.includes("raw 日本"));
    assert.equal(seen, [...local.logLines]);
  });

  test("has every line of an invocation when that has its result", async () => {
    const local = await start(`console.log("x".repeat(event.length)); process.stderr.write("end\\n");`);
    for (let invocation = 1; invocation <= 200; invocation++) {
      await local.invoke({ length: invocation % 3 === 0 ? 50_000 : invocation });
      assert.is(local.logLines.length, 2 * invocation);
    }
  });

  test("is text when the function is set so", async () => {
    const local = await start(`console.log("two\\nlines");`, { logFormat: "Text" });
    const { requestId } = await local.invoke({});
    assert.is(local.logLines.length, 1);
    assert.match(local.logLines[0] ?? "", new RegExp(`^\\S+Z\\t${requestId}\\tINFO\\ttwo\\rlines$`));
  });

  test("has the stack of what failed at initialization", async () => {
    const local = await start(`export const handler = 1; throw new RangeError("bad policy");`);
    await local.invoke({});
    assert.match(local.logLines.join("\n"), /"errorType":"RangeError","errorMessage":"bad policy"/);
  });
});

describe("readLines", (test) => {
  async function linesOf(chunks: Buffer[]): Promise<string[]> {
    const lines: string[] = [];
    const output = Readable.from(chunks, { objectMode: true });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    readLines(output, (line) => lines.push(line));
    output.once("end", resolve);
    await ended;
    return lines;
  }

  test("gives the same lines however the output was cut", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "é", "日", "\u2028", "😀") });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (output, cuts) => {
        const bytes = Buffer.from(output);
        const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        const expected = output.split("\n");
        if (expected.at(-1) === "") expected.pop();
        assert.equal(await linesOf(chunks), expected);
      }),
    );
  });
});
