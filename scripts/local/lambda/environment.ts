// What a function is made of, and the environment its process gets from it.
import { basename, dirname, extname, resolve } from "node:path";

/** The account of everything local, the same as kinesis-local's. */
export const LOCAL_ACCOUNT_ID = "000000000000";

export interface FunctionConfiguration {
  /** The bundle file, an ES module named as `handler` says: `dist/index.mjs` for `index.handler`. */
  readonly bundlePath: string;
  readonly handler: string;
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly region: string;
  readonly environment: Readonly<Record<string, string>>;
  /** How `console` writes. AWS's default is Text, this project's is JSON. */
  readonly logFormat?: "JSON" | "Text";
}

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
const RESERVED_KEYS = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

/** Throws for a configuration that Lambda would refuse, or that the local runtime cannot load. */
export function checkConfiguration({ bundlePath, handler, environment }: FunctionConfiguration): void {
  const reserved = Object.keys(environment).filter((key) => RESERVED_KEYS.has(key));
  if (reserved.length > 0) {
    throw new Error(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const [moduleName] = handler.split(".");
  if (basename(bundlePath, extname(bundlePath)) !== moduleName) {
    throw new Error(`handler ${handler}: expected a bundle named ${moduleName}.mjs, got "${bundlePath}"`);
  }
}

export function functionArn({ region, functionName }: FunctionConfiguration): string {
  return `arn:aws:lambda:${region}:${LOCAL_ACCOUNT_ID}:function:${functionName}`;
}

/**
 * All variables of one execution environment: those that Lambda defines and the function's own. The credentials
 * are placeholders.
 */
export function functionEnvironment(
  configuration: FunctionConfiguration,
  host: { readonly runtimeApi: string; readonly logStreamName: string; readonly path: string },
): Record<string, string> {
  const { bundlePath, handler, functionName, memoryMb, region, logFormat = "JSON" } = configuration;
  return {
    ...configuration.environment,
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: "local",
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: host.logStreamName,
    AWS_LAMBDA_RUNTIME_API: host.runtimeApi,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    LAMBDA_TASK_ROOT: dirname(resolve(bundlePath)),
    LANG: "en_US.UTF-8",
    PATH: host.path,
    TZ: ":UTC",
  };
}
