// All benchmarks, one after the other:
//   npm run bench
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readArguments } from "./read-arguments.ts";

readArguments({
  command: "npm run bench",
  help: "Runs bench:agent, bench:binary, bench:hooks and bench:lambda.",
});
for (const name of ["agent", "binary", "hooks", "lambda"]) {
  const script = fileURLToPath(new URL(`bench/${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
