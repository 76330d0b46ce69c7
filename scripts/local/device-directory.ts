import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentResult } from "./agent-process.ts";

const MAIN = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));

export interface StartOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Words before `node`, to run it under something. */
  readonly under?: readonly string[];
}

export interface RunningAgent {
  readonly child: ChildProcess;
  readonly ended: Promise<AgentResult>;
}

/** A device of its own: a configuration, a state directory, and the agent to start as often as wanted. */
export interface DeviceDirectory {
  readonly stateDirectory: string;
  readonly statePath: string;
  readonly start: (args: readonly string[], options?: StartOptions) => RunningAgent;
  readonly run: (args: readonly string[], options?: StartOptions) => Promise<AgentResult>;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads and changes it in every way
  readonly readState: () => any;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads and changes it in every way
  readonly changeState: (change: (file: any) => void) => void;
}

const folder = mkdtempSync(join(tmpdir(), "device-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** @param url the stream; `toml` is added to the configuration. */
export function createDeviceDirectory(url: string, toml = ""): DeviceDirectory {
  const directory = mkdtempSync(join(folder, "d-"));
  const stateDirectory = join(directory, "state");
  mkdirSync(stateDirectory);
  const statePath = join(stateDirectory, "state.json");
  const config = join(directory, "config.toml");
  const basics = `domains = ["home.example.com"]\nregion = "eu-west-1"\nstate_directory = "${stateDirectory}"\n`;
  writeFileSync(config, `${basics}access_key_id = "a"\nsecret_access_key = "b"\n${toml}`, { mode: 0o600 });
  const start: DeviceDirectory["start"] = (args, { environment = {}, under = [] } = {}) => {
    const [command = "", ...words] = [...under, process.execPath, MAIN, ...args, "--config", config];
    const child = spawn(command, words, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, AWS_ENDPOINT_URL_KINESIS: url, HOME: "/nonexistent", ...environment },
    });
    return { child, ended: collect(child) };
  };
  const readState = () => (existsSync(statePath) ? JSON.parse(readFileSync(statePath, "utf8")) : undefined);
  return {
    stateDirectory,
    statePath,
    start,
    run: (args, options) => start(args, options).ended,
    readState,
    changeState(change) {
      const file = readState();
      change(file);
      writeFileSync(statePath, JSON.stringify(file));
    },
  };
}

async function collect(child: ChildProcess): Promise<AgentResult> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, ...output };
}
