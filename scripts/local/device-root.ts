import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AgentResult, runAgent } from "./agent-process.ts";

/** Where the program is on the devices of these tests. */
export const AGENT = "/usr/bin/update-route53";

const parent = mkdtempSync(join(tmpdir(), "root-"));
process.on("exit", () => rmSync(parent, { recursive: true, force: true }));

/** A device of these files, and of these directories, which end with a slash. */
export function createRoot(...paths: readonly string[]): string {
  const root = mkdtempSync(join(parent, "r-"));
  for (const path of [AGENT, "/etc/update-route53.toml", ...paths]) {
    mkdirSync(join(root, path.endsWith("/") ? path : dirname(path)), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(join(root, path), "");
  }
  return root;
}

/** Everything below a directory: mode, path, and what is in it. */
export function listing(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const path = join(root, name);
      const stat = lstatSync(path);
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isDirectory()) return `${mode} ${name}/`;
      if (stat.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      return `${mode} ${name} ${stat.mtimeMs} ${readFileSync(path, "utf8")}`;
    });
}

export const install = (root: string, ...args: string[]): Promise<AgentResult> =>
  runAgent(["install", "--root", root, "--agent", AGENT, ...args]);

export const uninstall = (root: string, ...args: string[]): Promise<AgentResult> =>
  runAgent(["uninstall", "--root", root, ...args]);
