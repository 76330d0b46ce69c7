// Runs every *.test.ts in a process of its own and adds up what they report: npm test -- --help
import { spawn } from "node:child_process";
import { glob } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { readArguments } from "./read-arguments.ts";

const FILE_TIMEOUT_MS = 300_000;

interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

async function runFile(file: string): Promise<FileResult> {
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const timer = setTimeout(() => child.kill("SIGKILL"), FILE_TIMEOUT_MS);
  const { promise: closed, resolve } = Promise.withResolvers<number | null>();
  child.on("close", resolve);
  const exitCode = await closed;
  clearTimeout(timer);
  const told = /\n(\d+) passed, (\d+) failed, (\d+) skipped\n*$/.exec(output);
  const [passed, failed, skipped] = told ? told.slice(1).map(Number) : [];
  const unreported = (exitCode !== 0 || !told) && !failed ? 1 : 0;
  if (exitCode !== 0 || !told) {
    process.stdout.write(`\nFAILED ${file} (exit code ${exitCode})\n${output}\n`);
  } else {
    const notices = output.split("\n").filter((line) => line.startsWith("SKIPPED "));
    process.stdout.write(`${[`ok ${file} (${passed})`, ...notices].join("\n  ")}\n`);
  }
  return { file, passed: passed ?? 0, failed: (failed ?? 0) + unreported, skipped: skipped ?? 0 };
}

const { positionals: wanted } = readArguments({
  command: "npm test",
  synopsis: "[-- PART-OF-A-PATH ...]",
  help: `Runs every *.test.ts whose path contains one of the parts, or all of them.`,
  words: Number.POSITIVE_INFINITY,
});
const files = (await Array.fromAsync(glob("{agent,lambda,pulumi,scripts}/**/*.test.ts")))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();

const queue = files.values();
const results: FileResult[] = [];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (const file of queue) results.push(await runFile(file));
  }),
);

const sum = (key: "passed" | "failed" | "skipped") =>
  results.reduce((total, result) => total + result[key], 0);
if (sum("passed") === 0) process.stdout.write("no test ran\n");
process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped\n`);
process.exitCode = sum("failed") === 0 && sum("passed") > 0 ? 0 : 1;
