// The root: reads the environment, wires the real clock and client, and is what Lambda loads.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createHandler } from "./handler.ts";
import { createPace } from "./pace.ts";
import { createRoute53Sender } from "./route53.ts";
import { parseSettings } from "./settings.ts";

const { UPDATE_ROUTE53_SETTINGS, LAMBDA_TASK_ROOT = "." } = process.env;
const settingsPath = UPDATE_ROUTE53_SETTINGS || join(LAMBDA_TASK_ROOT, "settings.json");

function loadSettings(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : cause;
    throw new Error(`settings: expected a JSON document at ${path}, got ${found}`, { cause });
  }
}

const settings = parseSettings(loadSettings(settingsPath));

/** Lambda's entry point. */
export const handler = createHandler(settings, {
  send: createRoute53Sender(),
  pace: createPace(settings.callRate.calls, settings.callRate.periodMs),
  now: Date.now,
  elapsedMs: () => performance.now(),
  sleep: async (ms) => sleep(ms),
  random: Math.random,
  write: (lines) => process.stdout.write(lines.map((line) => `${line}\n`).join("")),
});
