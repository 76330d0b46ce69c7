import { assert, describe } from "../../describe.ts";
import { cleanUp, invokeOnce, start } from "./fixture.ts";

describe("the environment of a local function", (test) => {
  test.after(cleanUp);

  test("has Lambda's environment and its own, and nothing of this process but PATH", async () => {
    process.env.SECRET_OF_THE_PARENT = "secret";
    const result = await invokeOnce("return { ...process.env, cwd: process.cwd() };", {
      environment: { POLICY: "a=b\nc" },
    });
    assert.ok(result.ok);
    const { _X_AMZN_TRACE_ID, AWS_LAMBDA_LOG_STREAM_NAME, AWS_LAMBDA_RUNTIME_API, cwd, ...rest } =
      result.payload as Record<string, string>;
    assert.match(String(AWS_LAMBDA_LOG_STREAM_NAME), /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    assert.match(String(AWS_LAMBDA_RUNTIME_API), /^127\.0\.0\.1:\d+$/);
    assert.is(cwd, rest.LAMBDA_TASK_ROOT);
    assert.equal(Object.keys(rest).sort(), [
      "AWS_ACCESS_KEY_ID",
      "AWS_DEFAULT_REGION",
      "AWS_EXECUTION_ENV",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_NAME",
      "AWS_LAMBDA_FUNCTION_VERSION",
      "AWS_LAMBDA_INITIALIZATION_TYPE",
      "AWS_LAMBDA_LOG_FORMAT",
      "AWS_LAMBDA_LOG_GROUP_NAME",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "LAMBDA_TASK_ROOT",
      "LANG",
      "PATH",
      "POLICY",
      "TZ",
      "_HANDLER",
    ]);
    assert.is(rest.POLICY, "a=b\nc");
    assert.is(rest.PATH, process.env.PATH);
    assert.is(rest.AWS_REGION, "eu-west-1");
  });
});

describe("startFunction", (test) => {
  test.after(cleanUp);

  test("refuses the variables that Lambda reserves, in Lambda's words", async () => {
    await assert.rejects(
      start("", { environment: { AWS_REGION: "us-east-1", POLICY: "x", _HANDLER: "y" } }),
      /^Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification\. Reserved keys used in this request: AWS_REGION, _HANDLER$/,
    );
  });

  test("refuses a bundle that is not there", async () => {
    await assert.rejects(
      start("", { bundlePath: "/nowhere/index.mjs" }),
      /^bundle: expected a file at "\/nowhere\/index\.mjs", found none$/,
    );
  });

  test("refuses a bundle that the handler does not name", async () => {
    await assert.rejects(
      start("", { handler: "main.handler" }),
      /^handler main\.handler: expected a bundle named main\.mjs, got ".*\/index\.mjs"$/,
    );
  });
});
