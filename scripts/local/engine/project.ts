// What `pulumi` takes from a project's Pulumi.yaml before it starts the program.
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseYaml } from "./library.ts";

export interface ProgramFolder {
  readonly name: string;
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  readonly workingFolder: string;
  /** A file of the working folder, or `.` for the one that the runner finds. */
  readonly entryPoint: string;
  readonly nodeArguments: readonly string[];
  /** Whether Pulumi compiles TypeScript itself; otherwise Node runs it as it is. */
  readonly isTypeScriptCompiled: boolean;
}

interface Project {
  readonly name: string;
  readonly main?: string;
  readonly runtime?: string | { readonly name: string; readonly options?: RuntimeOptions };
}

interface RuntimeOptions {
  readonly typescript?: boolean;
  readonly nodeargs?: string;
}

/** https://www.pulumi.com/docs/iac/concepts/projects/project-file/ */
export async function readProject(root: string): Promise<ProgramFolder> {
  const project = parseYaml(await readFile(join(root, "Pulumi.yaml"), "utf8")) as Project;
  const { name, main = ".", runtime } = project;
  const options = (typeof runtime === "object" && runtime.options) || {};
  const path = resolve(root, main);
  const isFolder = (await stat(path)).isDirectory();
  return {
    name,
    root: resolve(root),
    workingFolder: isFolder ? path : dirname(path),
    entryPoint: isFolder ? "." : basename(path),
    nodeArguments: options.nodeargs?.split(" ").filter(Boolean) ?? [],
    isTypeScriptCompiled: options.typescript ?? true,
  };
}
