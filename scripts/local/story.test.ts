import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { assert, describe } from "../describe.ts";
import { queryDns } from "./dns/query.ts";

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Starts a script in a process group of its own, so that what it leaves behind can be found. */
function start(name: string, args: readonly string[]) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid ?? 0;
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = (async (): Promise<Ended> => {
    const exitCode = await exited;
    return { exitCode, output: (await output).join("") };
  })();
  return { child, pid, ended };
}

/** Whether a process of the group is left. */
function hasProcess(groupId: number): boolean {
  try {
    return process.kill(-groupId, 0);
  } catch {
    return false;
  }
}

async function runStory(...args: string[]): Promise<Ended> {
  const { pid, ended } = start("story.ts", args);
  const result = await ended;
  assert.is(hasProcess(pid), false, "a process was left behind");
  return result;
}

/** What the story tells, without its times. */
const toldBy = ({ output }: Ended) =>
  output.split("\n").map((line) => line.replace(/^ *\d+\.\d\d s {2}/, ""));

describe("npm start", (test) => {
  test("leads two addresses from the echo services to DNS", async () => {
    const result = await runStory();
    assert.is(result.exitCode, 0);
    const told = toldBy(result);
    const answers = told.filter((line) => line.startsWith("DNS "));
    assert.equal(answers, [
      "DNS         home.example.com A is 1.2.3.4",
      "DNS         home.example.com A is 8.8.4.4",
    ]);
    for (const who of ["agent", "Kinesis", "Route 53", "Lambda"]) {
      assert.is(told.filter((line) => line.startsWith(who)).length, who === "agent" ? 4 : 2, who);
    }
  });

  test("takes an address and a name, of IPv6 too", async () => {
    const result = await runStory("--ip", "2600:0:0::1", "--domain", "Home.Büro.example");
    assert.is(result.exitCode, 0);
    assert.ok(toldBy(result).includes("DNS         home.xn--bro-hoa.example AAAA is 2600::1"));
  });

  test("takes a wildcard", async () => {
    const result = await runStory("--ip", "8.8.8.8", "--domain", "*.home.example.com");
    assert.is(result.exitCode, 0);
    assert.ok(toldBy(result).includes("DNS         *.home.example.com A is 8.8.8.8"));
  });

  test("shows that a private address is refused, and DNS left as it is", async () => {
    const result = await runStory("--ip", "10.0.0.1");
    assert.is(result.exitCode, 65);
    const told = toldBy(result);
    assert.ok(
      told.some((line) => /^agent +refused: 10\.0\.0\.1 is not public: 10\.0\.0\.0\/8 .*RFC 1918/.test(line)),
    );
    assert.ok(told.includes("DNS         home.example.com A is not there (NXDOMAIN)"));
  });

  test("says in one line what is wrong with its arguments", async () => {
    const bad = await runStory("--domain", "localhost");
    assert.equal(bad, {
      exitCode: 64,
      output: 'npm start: --domain: expected a full domain name such as home.example.com, got "localhost"\n',
    });
  });

  test("ends at once and whole when it is interrupted", async () => {
    const { child, pid, ended } = start("story.ts", []);
    child.stdout.once("data", () => process.kill(-pid, "SIGINT"));
    assert.is.not((await ended).exitCode, 0);
    assert.is(hasProcess(pid), false, "a process was left behind");
  });
});

describe("npm run local", (test) => {
  test("prints commands that work as they are printed, and ends with Ctrl-C", async () => {
    const { child, pid, ended } = start("stay.ts", ["--domain", "a.example.org"]);
    const printed = await new Promise<string>((resolve) => {
      let sofar = "";
      child.stdout.on("data", (chunk) => {
        sofar += chunk;
        if (sofar.includes("Ctrl-C ends it.")) resolve(sofar);
      });
    });
    const [command = ""] = /sh \S+ update .*--ip \S+/.exec(printed) ?? [];
    const [, host = "", port = ""] = /dig @(\S+) -p (\d+) 'a\.example\.org' A \+short/.exec(printed) ?? [];
    const typed = spawn("sh", ["-c", command], { cwd: fileURLToPath(new URL("../..", import.meta.url)) });
    assert.is(await new Promise((resolve) => typed.once("exit", resolve)), 0);
    const answer = async () =>
      (await queryDns({ host, port: Number(port), name: "a.example.org", type: "A" })).values;
    const deadline = Date.now() + 20_000;
    while ((await answer()).length === 0 && Date.now() < deadline)
      await new Promise((next) => setTimeout(next, 50));
    assert.equal(await answer(), ["8.8.8.8"]);
    assert.equal(
      printed.split("\n").filter((line) => line.length > 100),
      [],
    );
    process.kill(-pid, "SIGINT");
    assert.is((await ended).exitCode, 0);
    assert.is(hasProcess(pid), false, "a process was left behind");
  });
});
