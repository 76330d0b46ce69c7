import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

declare const HOOK_FILES: string | undefined;

/** The files of agent/hooks by their names, as they are there. The bundler replaces HOOK_FILES. */
export const hookFiles: Readonly<Record<string, string>> =
  typeof HOOK_FILES === "string" ? JSON.parse(HOOK_FILES) : readHookFiles();

function readHookFiles(): Record<string, string> {
  const folder = fileURLToPath(new URL("../hooks/", import.meta.url));
  const names = readdirSync(folder).filter((name) => !/\.(?:ts|md)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(`${folder}${name}`, "utf8")]));
}
