import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { assert, describe } from "../../describe.ts";
import { cleanUp, failure, invokeOnce, isAlive, start } from "./fixture.ts";

/** Whether the process is there. A child that has ended is, until this process has heard of it. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a local function that fails", (test) => {
  test.after(cleanUp);

  test("reports what the handler threw, and keeps its execution environment", async () => {
    const local = await start(
      `let n = 0;
       export const handler = async () => {
         n += 1;
         if (n === 1) throw new TypeError("no such zone");
         if (n === 2) throw "a string";
         return n;
       };`,
    );
    const [first, second, third] = [await local.invoke({}), await local.invoke({}), await local.invoke({})];
    assert.equal(first, { ...failure("TypeError", "no such zone"), requestId: first.requestId });
    assert.equal(second, { ...failure("string", "a string"), requestId: second.requestId });
    assert.equal(third, { ok: true, payload: 3, requestId: third.requestId });
    assert.is(local.coldStarts, 1);
  });

  for (const [name, wait] of Object.entries({ waits: "await new Promise(() => {})", spins: "for (;;) {}" })) {
    test(`is killed when it ${name} for too long, and starts cold next time`, async () => {
      const local = await start(
        `console.log(process.pid); setInterval(() => {}, 1000); if (event.hang) { ${wait}; } return "fine";`,
        { timeoutMs: 500 },
      );
      const { requestId, ...result } = await local.invoke({ hang: true });
      assert.equal(
        result,
        failure("Sandbox.Timedout", `RequestId: ${requestId} Error: Task timed out after 0.50 seconds`),
      );
      const pid = JSON.parse(local.logLines[0] ?? "{}").message;
      assert.ok(pid > 0);
      assert.not(isAlive(pid));
      assert.equal((await local.invoke({})).ok, true);
      assert.is(local.coldStarts, 2);
    });
  }

  const exits = {
    "process.exit(3);": "Runtime exited with error: exit status 3",
    "process.exit(0);": "Runtime exited without providing a reason",
    "process.kill(process.pid, 'SIGKILL'); for (;;);": "Runtime exited with error: signal: killed",
    "Promise.reject(new Error('x')); await new Promise((r) => setTimeout(r, 1000));":
      "Runtime exited with error: exit status 1",
  };
  for (const [body, message] of Object.entries(exits)) {
    test(`reports the end of its process by ${body} and starts cold next time`, async () => {
      const local = await start(`if (event.end) { ${body} } return "fine";`);
      const { requestId, ...result } = await local.invoke({ end: true });
      assert.equal(result, failure("Runtime.ExitError", `RequestId: ${requestId} Error: ${message}`));
      assert.equal((await local.invoke({})).ok, true);
      assert.is(local.coldStarts, 2);
    });
  }

  test("ends when it holds more than its memory", async () => {
    assert.equal(
      await invokeOnce("const held = []; for (;;) held.push(Array(1e5).fill(Math.random()));", {
        memoryMb: 32,
      }),
      failure("Runtime.ExitError", "RequestId: ID Error: Runtime exited with error: signal: aborted"),
    );
  });

  test("that ended after its answer starts cold next time", async () => {
    const local = await start(`setTimeout(() => process.exit(1), 20); return process.pid;`);
    const first = await local.invoke({});
    while (first.ok && exists(first.payload as number)) await sleep(10);
    assert.equal((await local.invoke({})).ok, true);
    assert.is(local.coldStarts, 2);
  });
});

describe("a local function that fails to initialize", (test) => {
  test.after(cleanUp);

  const ok = "export const handler = async () => 'fine';";
  const causes: [name: string, source: string, type: string, message: RegExp][] = [
    ["throws", `${ok} throw new RangeError("bad policy");`, "RangeError", /^bad policy$/],
    [
      "is no JavaScript",
      `${ok} const = 1;`,
      "Runtime.UserCodeSyntaxError",
      /^SyntaxError: Unexpected token '='$/,
    ],
    [
      "has no handler",
      "export const other = 1;",
      "Runtime.HandlerNotFound",
      /^index\.handler is undefined or not exported$/,
    ],
    [
      "imports what is not in the bundle",
      `import "left-pad"; ${ok}`,
      "Error",
      /^Cannot find package 'left-pad' imported from /,
    ],
    [
      "has a handler with a callback",
      "export const handler = (event, context, callback) => {};",
      "Runtime.CallbackHandlerDeprecated",
      /^ERROR: AWS Lambda has removed support for callback-based/,
    ],
    [
      "imports what only the runtime may",
      `import "./rapid-client.node"; ${ok}`,
      "Error",
      /^Cannot find module '.*rapid-client\.node' imported from /,
    ],
    [
      "exits",
      `${ok} process.exit(2);`,
      "Runtime.ExitError",
      /^RequestId: ID Error: Runtime exited with error: exit status 2$/,
    ],
  ];
  for (const [name, source, errorType, errorMessage] of causes) {
    test(`because it ${name} reports that`, async () => {
      const result = await invokeOnce(source);
      assert.ok(!result.ok);
      assert.is(result.errorType, errorType);
      assert.match(result.errorMessage, errorMessage);
    });
  }

  test("is initialized once more for the invocation, and again for the next", async () => {
    const local = await start(`${ok} throw new Error("bad policy");`);
    await local.invoke({});
    assert.is(local.coldStarts, 2);
    await local.invoke({});
    assert.is(local.coldStarts, 4);
    assert.equal(local.initDurationsMs, []);
  });

  test("leaves no process, though it would not end by itself", async () => {
    const local = await start(
      `console.log(process.pid); setInterval(() => {}, 1000); process.on("unhandledRejection", () => {});
       ${ok} throw new Error("bad policy");`,
    );
    await local.invoke({});
    const pids = local.logLines.map((line) => JSON.parse(line).message).filter(Number.isInteger);
    assert.is(pids.length, 2);
    assert.equal(pids.map(isAlive), [false, false]);
  });

  test("the first time only answers", async () => {
    const mark = join(tmpdir(), `local-lambda-${randomUUID()}`);
    const local = await start(
      `import { existsSync, writeFileSync } from "node:fs";
       if (!existsSync(${JSON.stringify(mark)})) {
         writeFileSync(${JSON.stringify(mark)}, "");
         throw new Error("not yet");
       }
       ${ok}`,
    );
    const { requestId, ...result } = await local.invoke({});
    await rm(mark);
    assert.equal(result, { ok: true, payload: "fine" });
    assert.is(local.coldStarts, 2);
    assert.is(local.initDurationsMs.length, 1);
  });

  test("within the time of the invocation is a timeout", async () => {
    assert.equal(
      await invokeOnce(`await new Promise((resolve) => setTimeout(resolve, 60_000)); ${ok}`, {
        initTimeoutMs: 200,
        timeoutMs: 300,
      }),
      failure("Sandbox.Timedout", "RequestId: ID Error: Task timed out after 0.30 seconds"),
    );
  });
});
