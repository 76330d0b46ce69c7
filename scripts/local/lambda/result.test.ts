import { assert, describe } from "../../describe.ts";
import { cleanUp, failure, start } from "./fixture.ts";
import { decodeReportedError, exitError, timeoutError } from "./result.ts";

describe("the payloads of a local function", (test) => {
  test.after(cleanUp);

  test("may be a response of 6291556 bytes and no more", async () => {
    const local = await start(`return "x".repeat(event.length);`);
    const largest = await local.invoke({ length: 6_291_556 - 2 });
    assert.ok(largest.ok);
    assert.is((largest.payload as string).length, 6_291_554);
    const { requestId, ...tooLarge } = await local.invoke({ length: 6_291_556 - 1 });
    assert.equal(
      tooLarge,
      failure(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      ),
    );
    assert.equal((await local.invoke({ length: 1 })).ok, true);
    assert.is(local.coldStarts, 1);
  });

  test("may be an event of 6291456 bytes and no more", async () => {
    const local = await start("return event.length;");
    const largest = await local.invoke("é".repeat((6_291_456 - 2) / 2));
    assert.is(largest.ok && largest.payload, 3_145_727);
    const { requestId, ...tooLarge } = await local.invoke(`x${"é".repeat((6_291_456 - 2) / 2)}`);
    assert.equal(
      tooLarge,
      failure(
        "RequestEntityTooLargeException",
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
      ),
    );
  });
});

describe("the error of a function", (test) => {
  test("that took too long has its time in seconds with two digits", () => {
    assert.equal(
      [3000, 250, 900_000, 1005].map((ms) => timeoutError("ID", ms).errorMessage),
      ["3.00", "0.25", "900.00", "1.00"].map(
        (text) => `RequestId: ID Error: Task timed out after ${text} seconds`,
      ),
    );
  });

  test("that ended names its exit status or its signal", () => {
    const message = (code: number | null, signal: NodeJS.Signals | null) =>
      exitError("ID", { code, signal }).errorMessage.replace("RequestId: ID Error: Runtime exited ", "");
    assert.is(message(1, null), "with error: exit status 1");
    assert.is(message(0, null), "without providing a reason");
    assert.is(message(null, "SIGSEGV"), "with error: signal: segmentation fault");
    assert.is(message(null, "SIGUSR2"), "with error: signal: SIGUSR2");
  });

  test("that a runtime reports is what its body says", () => {
    assert.equal(decodeReportedError('{"errorType":"E","errorMessage":"m","trace":[]}'), failure("E", "m"));
    assert.equal(decodeReportedError("{}"), failure("Unhandled", ""));
    assert.equal(decodeReportedError("no JSON"), failure("Unhandled", "no JSON"));
    assert.equal(decodeReportedError("null"), failure("Unhandled", "null"));
  });
});
