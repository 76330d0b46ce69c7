import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));

export interface AgentResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the agent as its users do: a process of its own, with no environment but what is given.
 * @param environment wins over PATH, and over settings that keep the AWS SDK from looking for a real account
 */
export async function runAgent(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<AgentResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: "true", HOME: "/nonexistent", ...environment },
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  return { exitCode, stdout, stderr };
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
