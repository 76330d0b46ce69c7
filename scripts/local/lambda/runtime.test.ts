import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { assert, describe } from "../../describe.ts";
import { cleanUp, failure, invokeOnce, isAlive, start, writeBundle } from "./fixture.ts";

describe("a local function", (test) => {
  test.after(cleanUp);

  test("gets the event and gives back what the handler returned", async () => {
    const event = { text: 'naïve 日本 \u2028 "quoted"', nested: [1, null, { deep: true }] };
    assert.equal(await invokeOnce("return { event };", {}, event), { ok: true, payload: { event } });
  });

  test("gives back null for a handler that returns nothing", async () => {
    assert.equal(await invokeOnce(""), { ok: true, payload: null });
  });

  test("gets Lambda's context", async () => {
    const local = await start(
      `const { functionName, memoryLimitInMB, invokedFunctionArn, awsRequestId, logGroupName } = context;
       return { functionName, memoryLimitInMB, invokedFunctionArn, awsRequestId, logGroupName,
                remainingMs: context.getRemainingTimeInMillis(), traced: process.env._X_AMZN_TRACE_ID };`,
    );
    const result = await local.invoke({});
    assert.ok(result.ok);
    const { remainingMs, traced, ...context } = result.payload as Record<string, string | number>;
    assert.equal(context, {
      functionName: "updater",
      memoryLimitInMB: "128",
      invokedFunctionArn: "arn:aws:lambda:eu-west-1:000000000000:function:updater",
      awsRequestId: result.requestId,
      logGroupName: "/aws/lambda/updater",
    });
    assert.ok(Number(remainingMs) > 4000 && Number(remainingMs) <= 5000, `remaining: ${remainingMs} ms`);
    assert.match(String(traced), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
  });

  test("keeps its execution environment between invocations", async () => {
    const local = await start("let n = 0; export const handler = async () => ++n;");
    assert.is(local.coldStarts, 0);
    const payloads = [];
    for (let i = 0; i < 3; i++) payloads.push(await local.invoke({}));
    assert.equal(
      payloads.map((result) => result.ok && result.payload),
      [1, 2, 3],
    );
    assert.is(local.coldStarts, 1);
    assert.is(local.initDurationsMs.length, 1);
    assert.ok(Number(local.initDurationsMs[0]) > 1);
  });

  test("runs one invocation at a time in each execution environment, and throttles beyond the limit", async () => {
    const local = await start(
      `let busy = 0;
       export const handler = async () => {
         busy += 1;
         const seen = busy;
         await new Promise((resolve) => setTimeout(resolve, 100));
         busy -= 1;
         return { seen, pid: process.pid };
       };`,
      { reservedConcurrency: 2 },
    );
    const results = await Promise.all([local.invoke({}), local.invoke({}), local.invoke({})]);
    const payloads = results.flatMap((result) => (result.ok ? [result.payload] : []));
    assert.equal(
      payloads.map((payload) => (payload as { seen: number }).seen),
      [1, 1],
    );
    assert.is(new Set(payloads.map((payload) => (payload as { pid: number }).pid)).size, 2);
    const refused = results.find((result) => !result.ok);
    assert.is(refused && !refused.ok && refused.errorType, "TooManyRequestsException");
    assert.ok((await local.invoke({})).ok);
    assert.is(local.coldStarts, 2);
  });
});

describe("the end of a local function", (test) => {
  test("resolves what runs, leaves no process, and starts none again", async () => {
    const local = await start(
      `console.log(process.pid); await new Promise(() => setInterval(() => {}, 1000));`,
    );
    const running = local.invoke({});
    while (local.logLines.length === 0) await sleep(5);
    const pid = JSON.parse(local.logLines[0] ?? "{}").message;
    await local.close();
    assert.not(isAlive(pid));
    const { requestId, ...result } = await running;
    const killed = (id: string) =>
      failure("Runtime.ExitError", `RequestId: ${id} Error: Runtime exited with error: signal: killed`);
    assert.equal(result, killed(requestId));
    const later = await local.invoke({});
    assert.equal(later, { ...killed(later.requestId), requestId: later.requestId });
    assert.is(local.coldStarts, 1);
    await local.close();
  });

  test("during a cold start leaves no process", async () => {
    const local = await start(`return process.pid;`);
    const running = local.invoke({});
    await local.close();
    assert.equal((await running).ok, false);
    assert.is(local.coldStarts, 1);
  });

  test("comes with the death of its parent", async () => {
    const bundlePath = await writeBundle(
      `export const handler = async () => { console.log(process.pid); await new Promise(() => setInterval(() => {}, 1000)); };`,
    );
    const parent = spawn(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `import { startFunction } from ${JSON.stringify(import.meta.resolve("./runtime.ts"))};
         const local = await startFunction({ bundlePath: ${JSON.stringify(bundlePath)}, handler: "index.handler",
           functionName: "updater", timeoutMs: 60_000, memoryMb: 128, region: "eu-west-1", environment: {},
           onLog: (line) => process.stdout.write(line) });
         await local.invoke({});`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = JSON.parse(line.toString()).message;
    assert.ok(isAlive(pid));
    parent.kill("SIGKILL");
    const deadline = Date.now() + 5000;
    while (isAlive(pid) && Date.now() < deadline) await sleep(10);
    assert.not(isAlive(pid));
  });
});
