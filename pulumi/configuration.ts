import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseStackSettings } from "./settings.ts";
import type { StackSettings } from "./settings-schema.ts";

const rootDirectory = resolve(import.meta.dirname, "..");

/**
 * Reads the configuration of the stack, `update-route53:KEY` in `Pulumi.STACK.yaml`.
 * @throws {pulumi.RunError} which Pulumi shows without a stack trace
 */
export function loadSettings(): StackSettings {
  const prefix = `${pulumi.getProject()}:`;
  const values = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value]);
  try {
    return parseStackSettings(Object.fromEntries(values), `Pulumi.${pulumi.getStack()}.yaml`);
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * Finds the function's bundle.
 * @throws {pulumi.RunError}
 */
export function findBundle({ bundle }: StackSettings): string {
  const path = resolve(rootDirectory, bundle);
  if (existsSync(path)) return path;
  throw new pulumi.RunError(`${path}: expected the function's bundle, found none: run npm run build:lambda`);
}
