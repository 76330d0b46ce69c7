import { setTimeout as sleep } from "node:timers/promises";
import { assert, describe } from "../../describe.ts";
import { type RuntimeApi, startRuntimeApi } from "./runtime-api.ts";

describe("the Lambda runtime API", (test) => {
  let api: RuntimeApi;
  test.before(async () => {
    api = await startRuntimeApi();
  });
  test.after(() => api.close());

  async function call(path: string, init: RequestInit = {}) {
    const response = await fetch(`http://${api.address}/2018-06-01/runtime/${path}`, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  const post = (path: string, body: string) => call(path, { method: "POST", body });
  const invocation = (requestId: string) => ({
    requestId,
    payload: '{"n":1}',
    deadlineMs: 1_700_000_000_000,
    functionArn: "arn:aws:lambda:eu-west-1:000000000000:function:updater",
  });

  test("hands an invocation to a runtime that waits for it, with Lambda's headers", async () => {
    const next = call("invocation/next");
    assert.is(await api.initialized, undefined);
    const result = api.invoke(invocation("first"));
    const { status, headers, body } = await next;
    assert.equal([status, body], [200, { n: 1 }]);
    assert.is(headers.get("lambda-runtime-aws-request-id"), "first");
    assert.is(headers.get("lambda-runtime-deadline-ms"), "1700000000000");
    assert.is(
      headers.get("lambda-runtime-invoked-function-arn"),
      "arn:aws:lambda:eu-west-1:000000000000:function:updater",
    );
    const { status: accepted, body: answer } = await post("invocation/first/response", '"done"');
    assert.equal([accepted, answer], [202, { status: "OK" }]);
    assert.equal(await result, { ok: true, payload: "done" });
  });

  test("hands an invocation to a runtime that asks for it later", async () => {
    const result = api.invoke(invocation("second"));
    assert.equal((await call("invocation/next")).body, { n: 1 });
    await post("invocation/second/error", '{"errorType":"E","errorMessage":"m"}');
    assert.equal(await result, { ok: false, errorType: "E", errorMessage: "m" });
  });

  test("hands an invocation over once, and lets the runtime wait for another", async () => {
    const result = api.invoke(invocation("once"));
    await call("invocation/next");
    await post("invocation/once/response", "1");
    await result;
    const next = call("invocation/next");
    assert.is(await Promise.race([next, sleep(50, "waits")]), "waits");
    const another = api.invoke(invocation("another"));
    assert.is((await next).headers.get("lambda-runtime-aws-request-id"), "another");
    await post("invocation/another/response", "2");
    assert.equal(await another, { ok: true, payload: 2 });
  });

  test("refuses to hand over another invocation before the answer to the last", async () => {
    const result = api.invoke(invocation("unanswered"));
    await call("invocation/next");
    const { status, body } = await call("invocation/next");
    const errorMessage =
      "State transition from Running to Ready failed for runtime. Error: State transition is not allowed";
    assert.equal([status, body], [403, { errorType: "InvalidStateTransition", errorMessage }]);
    await post("invocation/unanswered/response", "1");
    assert.ok((await result).ok);
  });

  test("refuses an answer for another invocation than the current one", async () => {
    const result = api.invoke(invocation("third"));
    const refusal = { errorType: "InvalidRequestID", errorMessage: "Invalid request ID" };
    for (const requestId of ["second", "unknown"]) {
      const { status, body } = await post(`invocation/${requestId}/response`, "{}");
      assert.equal([status, body], [400, refusal]);
    }
    await post("invocation/third/response", "3");
    assert.equal(await result, { ok: true, payload: 3 });
    assert.is((await post("invocation/third/response", "3")).status, 400);
  });

  test("refuses a response that is too large", async () => {
    const result = api.invoke(invocation("fourth"));
    const { status, body } = await post("invocation/fourth/response", `"${"x".repeat(6_291_556)}"`);
    assert.equal(
      [status, body],
      [
        413,
        {
          errorType: "RequestEntityTooLarge",
          errorMessage: "Exceeded maximum allowed payload size (6291556 bytes).",
        },
      ],
    );
    const outcome = await result;
    assert.is(!outcome.ok && outcome.errorType, "Function.ResponseSizeTooLarge");
  });

  test("refuses a response that is no JSON, and waits for another", async () => {
    const result = api.invoke(invocation("fifth"));
    assert.is((await post("invocation/fifth/response", "{")).status, 400);
    await post("invocation/fifth/response", "5");
    assert.equal(await result, { ok: true, payload: 5 });
  });

  test("knows no other path or method", async () => {
    assert.is((await call("invocation/fifth/response")).status, 404);
    assert.is((await post("extension/register", "{}")).status, 404);
  });

  test("reports an error of initialization once", async () => {
    const other = await startRuntimeApi();
    const url = `http://${other.address}/2018-06-01/runtime/init/error`;
    const report = (errorMessage: string) =>
      fetch(url, { method: "POST", body: JSON.stringify({ errorType: "RangeError", errorMessage }) });
    assert.is((await report("bad policy")).status, 202);
    await report("another");
    assert.equal(await other.initialized, { ok: false, errorType: "RangeError", errorMessage: "bad policy" });
    other.close();
  });
});
