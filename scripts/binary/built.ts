// The binaries that `npm run build` has made, for the tests of what they do on a device.
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { sourceState } from "../build-agent.ts";
import type { Target } from "./targets.ts";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

export const builtPath = ({ arch }: Pick<Target, "arch">): string => `${dist}/update-route53-linux-${arch}`;
export const openwrtPath = ({ arch }: Pick<Target, "arch">): string =>
  `${dist}/update-route53-openwrt-${arch}.tar.gz`;

/** Why the binary of this machine cannot be tested; undefined where it can. */
export function whyNotBuilt(): string | undefined {
  const arch = process.arch === "arm64" ? "arm64" : "x64";
  const path = builtPath({ arch });
  if (process.platform !== "linux") return "the binaries are for Linux";
  if (!existsSync(path)) return "there is no binary: `npm run build` makes it";
  const commit = sourceState().commit.replace("+changes", "");
  const version = execFileSync(path, ["--version"], { encoding: "utf8" });
  return version.includes(commit) ? undefined : `the binary is not of commit ${commit}: ${version.trim()}`;
}

/** Why a root for the binary cannot be made and entered; undefined where it can. */
export function whyNoRoot(): string | undefined {
  return process.getuid?.() === 0 ? undefined : "only root can enter another root";
}

export interface Result {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with no environment but what is given, so not even PATH or HOME. */
export async function runCommand(
  command: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Result> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: environment });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { exitCode, stdout, stderr };
}
