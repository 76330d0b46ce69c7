import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { quote } from "../lambda/contract/refusal.ts";
import { describeSharedNames } from "./published-names.ts";
import { parseStackSettings } from "./settings.ts";
import type { StackSettings } from "./settings-schema.ts";

const rootDirectory = resolve(import.meta.dirname, "..");

/**
 * Reads the configuration of the stack, `update-route53:KEY` in `Pulumi.STACK.yaml`.
 * @throws {pulumi.RunError} which Pulumi shows without a stack trace
 */
export function loadSettings(): StackSettings {
  const place = `Pulumi.${pulumi.getStack()}.yaml`;
  const prefix = `${pulumi.getProject()}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix));
  // From Pulumi's language host. Its library keeps to itself which they are.
  const secretKeys: unknown[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
  const secret = keys.find((key) => secretKeys.includes(key));
  if (secret !== undefined) {
    // Messages quote values, and names are in plain sight wherever AWS shows them.
    const problem = `${secret}: expected no secret, because no setting is one`;
    throw new pulumi.RunError(`${place}: ${problem}: set it again without --secret`);
  }
  const values = keys.map((key) => [key.slice(prefix.length), pulumi.runtime.getConfig(key)]);
  try {
    const settings = parseStackSettings(Object.fromEntries(values), place);
    for (const problem of describeSharedNames(settings)) void pulumi.log.warn(`${place}: ${problem}`);
    return settings;
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * Finds the function's bundle, and makes sure that it is made of the sources that are here now.
 * @throws {pulumi.RunError}
 */
export function findBundle({ bundle }: Pick<StackSettings, "bundle">): string {
  const path = resolve(rootDirectory, bundle);
  const problem = findBundleProblem(path);
  if (problem === undefined) return path;
  throw new pulumi.RunError(`${path}: ${problem}: run npm run build:lambda`);
}

function findBundleProblem(path: string): string | undefined {
  if (!existsSync(path)) return "expected the function's bundle, found none";
  if (!existsSync(`${path}.sources`)) return `expected ${path}.sources, by which to know its age, found none`;
  for (const line of readFileSync(`${path}.sources`, "utf8").trimEnd().split("\n")) {
    const [sha256, source] = line.split("  ");
    if (!source) return `expected ${path}.sources to be as sha256sum prints it, found ${quote(line)}`;
    if (sha256Of(source) !== sha256) return `made from another ${source} than the present one`;
  }
  return undefined;
}

/** Undefined for a file that is gone. */
function sha256Of(path: string): string | undefined {
  const absolute = resolve(rootDirectory, path);
  if (!existsSync(absolute)) return undefined;
  return createHash("sha256").update(readFileSync(absolute)).digest("hex");
}
