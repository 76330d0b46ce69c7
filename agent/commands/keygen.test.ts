import { spawnSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatPublicKey } from "../../lambda/contract/signature.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "keygen-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

let files = 0;
function freshPath(): string {
  files += 1;
  return join(folder, `key-${files}`);
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

const NO_FILE =
  "no file, found one, which --force replaces; doctor prints the public key of the one that is configured";
const wrote = (path: string) =>
  `${path}: wrote a new private key; its public key, for this device in the Pulumi configuration, is\n`;

/** Runs a program, with its arguments out of the reach of the shell before it. */
function run(program: string, ...args: string[]) {
  return spawnSync(program, args, { encoding: "utf8", env: { PATH: process.env.PATH } });
}

/** Runs the agent behind a line of shell. */
const runBehind = (shell: string, ...args: string[]) =>
  run("sh", "-c", `${shell}; exec "$@"`, "sh", process.execPath, MAIN, ...args);

describe("keygen", (test) => {
  test("writes a private key, and prints its public half as the line to paste", async () => {
    const path = freshPath();
    const config = freshPath();
    const environment = { UPDATE_ROUTE53_CONFIG: config };
    writeFileSync(config, '[device]\nname = "attic"\nprivate_key_file = "/elsewhere"\n');
    const { exitCode, stdout, stderr } = await runAgent(["keygen", "--out", path], environment);
    const pem = readFileSync(path, "utf8");
    assert.is(exitCode, 0);
    assert.is(stdout, `publicKeys: ["${formatPublicKey(createPrivateKey(pem))}"]\n`);
    assert.is(
      stderr,
      wrote(path) +
        `updates are signed with it once the configuration names it: put private_key_file = "${path}" below [device] in ${config}\n`,
    );
    const [, secret = "?"] = pem.split("\n");
    assert.not.match(stdout + stderr, secret);
  });

  test("says no more where the configuration names the key already", async () => {
    const [path, config] = [freshPath(), freshPath()];
    writeFileSync(config, `[device]\nname = "attic"\nprivate_key_file = "${path}"\n`);
    const { stderr } = await runAgent(["keygen", "--out", path], { UPDATE_ROUTE53_CONFIG: config });
    assert.is(stderr, wrote(path));
  });

  test("writes the key whatever is wrong with the configuration", async () => {
    const [path, config] = [freshPath(), freshPath()];
    writeFileSync(config, "=");
    const { exitCode, stderr } = await runAgent(["keygen", "--out", path], { UPDATE_ROUTE53_CONFIG: config });
    assert.is(exitCode, 0);
    assert.ok(stderr.endsWith(` below [device] in ${config}\n`), stderr);
  });

  test("prints an object for programs, and makes another key each time", async () => {
    const [path, other] = [freshPath(), freshPath()];
    const { stdout } = await runAgent(["keygen", "--out", path, "--json", "--quiet"]);
    await runAgent(["keygen", "--out", other]);
    const publicKey = formatPublicKey(createPrivateKey(readFileSync(path, "utf8")));
    assert.equal(JSON.parse(stdout), { path, publicKey });
    assert.is.not(formatPublicKey(createPrivateKey(readFileSync(other, "utf8"))), publicKey);
  });

  for (const umask of ["000", "022", "377"]) {
    test(`gives it mode 0600, whatever the umask: ${umask}`, () => {
      const path = freshPath();
      assert.is(runBehind(`umask ${umask}`, "keygen", "--out", path).status, 0);
      assert.is(modeOf(path), "600");
      assert.is(runBehind(`umask ${umask}`, "keygen", "--out", path, "--force").status, 0);
      assert.is(modeOf(path), "600");
    });
  }

  test("replaces a key only with --force, and leaves nothing else behind", async () => {
    const path = freshPath();
    writeFileSync(path, "old");
    const refused = await runAgent(["keygen", "--out", path]);
    assert.is(refused.exitCode, 73);
    assert.is(refused.stderr, `update-route53: ${path}: expected ${NO_FILE}\n`);
    assert.is(refused.stdout, "");
    assert.is(readFileSync(path, "utf8"), "old");
    assert.is((await runAgent(["keygen", "--out", path, "--force"])).exitCode, 0);
    assert.match(readFileSync(path, "utf8"), /^-----BEGIN PRIVATE KEY-----\n/);
    assert.equal(
      readdirSync(folder).filter((name) => join(folder, name).startsWith(`${path}.`)),
      [],
    );
  });

  test("writes through no link, and replaces nothing but files", async () => {
    const [link, target, directory] = [freshPath(), freshPath(), freshPath()];
    symlinkSync(target, link);
    mkdirSync(directory);
    for (const [path, force] of [[link], [link, "--force"], [directory, "--force"]] as string[][]) {
      const args = ["keygen", "--out", path ?? "", ...(force ? [force] : [])];
      const { exitCode, stderr } = await runAgent(args);
      assert.is(exitCode, 73);
      const found = force ? "a file, found something else" : NO_FILE;
      assert.is(stderr, `update-route53: ${path}: expected ${found}\n`);
    }
    assert.is(existsSync(target), false);
  });

  test("says what stands in the way", async () => {
    const file = freshPath();
    writeFileSync(file, "");
    const cases = [
      [join(folder, "missing", "key"), "there is no such directory"],
      [join(file, "key"), "there is a file in the place of a directory"],
    ];
    for (const [path = "", problem] of cases) {
      const { exitCode, stderr } = await runAgent(["keygen", "--out", path]);
      assert.is(exitCode, 73);
      assert.is(stderr, `update-route53: ${path}: expected to write the private key, but ${problem}\n`);
    }
  });

  for (const force of [[], ["--force"]]) {
    test(`leaves no half of a key where it cannot write the whole ${force}`, () => {
      const path = freshPath();
      if (force.length > 0) writeFileSync(path, "old");
      // No file may grow beyond 0 bytes, and the write fails instead of killing the process.
      const result = runBehind("trap '' XFSZ; ulimit -f 0", "keygen", "--out", path, ...force);
      assert.is(result.status, 73);
      assert.is(result.stderr, `update-route53: ${path}: expected to write the private key, but EFBIG\n`);
      const left = readdirSync(folder).filter((name) => join(folder, name).startsWith(path));
      assert.equal(left, force.length > 0 ? [path.slice(folder.length + 1)] : []);
    });
  }
});

const openssl = run("openssl", "version").status === 0 ? undefined : "openssl is not installed";
const strace =
  run("strace", "-qq", "true").status === 0 ? undefined : "strace is not installed or not allowed";

describe("the key of keygen", (test) => {
  test.unless(openssl, "is one that openssl reads, and knows the same public key of", async () => {
    const path = freshPath();
    const { stdout } = await runAgent(["keygen", "--out", path]);
    const der = spawnSync("openssl", ["pkey", "-in", path, "-pubout", "-outform", "DER"]).stdout;
    assert.is(stdout, `publicKeys: ["${der.subarray(-32).toString("base64")}"]\n`);
    assert.match(run("openssl", "pkey", "-in", path, "-noout", "-text").stdout, /^ED25519 Private-Key:/);
  });

  for (const force of [[], ["--force"]]) {
    test.unless(strace, `is at no moment open to others ${force}`, () => {
      const path = freshPath();
      const calls = "trace=open,openat,creat,chmod,fchmodat,fchmod,rename,renameat,renameat2";
      const args = ["keygen", "--quiet", "--out", path, ...force];
      const { stderr } = run("strace", "-fqq", "-e", calls, process.execPath, MAIN, ...args);
      const lines = stderr.split("\n").filter((line) => line.includes(`"${path}`));
      assert.match(lines[0] ?? "", /O_WRONLY\|O_CREAT\|O_EXCL[^,]*, 0600\) = \d+$/);
      // Nothing else opens it or changes its mode by its name.
      assert.is(lines.length, force.length > 0 ? 2 : 1);
      if (force.length > 0) assert.match(lines[1] ?? "", /rename/);
      assert.is(modeOf(path), "600");
    });
  }
});
