import { assert, describe } from "../scripts/describe.ts";
import { runAgent } from "../scripts/local/agent-process.ts";

/** Runs the agent with a bug in it. */
const runWith = (bug: string, ...args: string[]) =>
  runAgent(args, { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` });

const bugs = {
  "in a command": "Object.defineProperty(process.stdout, 'columns', { get() { throw new Error('boom') } })",
  "behind its back": "process.once('beforeExit', () => { throw new Error('boom') })",
  "in a promise nobody waits for": "process.once('beforeExit', () => void Promise.reject(new Error('boom')))",
};

describe("a bug", (test) => {
  for (const [where, bug] of Object.entries(bugs)) {
    test(`${where} ends with 70, and one line that has the stack`, async () => {
      const { exitCode, stderr } = await runWith(bug, "--help");
      assert.match(
        stderr,
        /^update-route53: a bug in this program, please report it: Error: boom at .*data:text\/javascript.*\n$/,
      );
      assert.is(exitCode, 70);
      const { stderr: json } = await runWith(bug, "--help", "--log=json");
      assert.match(JSON.parse(json).message, /^a bug in this program, please report it: Error: boom at /);
    });
  }
});
