import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { ask, type Loading, type Shell, whyNot } from "../../scripts/fixtures/completing-shell.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";
import { argumentsOf, commandNames, commandTable } from "../command-table.ts";

const folder = mkdtempSync(join(tmpdir(), "completions-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "keys"));
for (const name of ["alpha.key", "alpha two.key", "beta.key"]) writeFileSync(join(folder, "keys", name), "");

const scripts = new Map<Shell, Promise<string>>();

/** The file with the script that the command prints, made once. */
function scriptFor(shell: Shell): Promise<string> {
  const print = async () => {
    const path = join(folder, `script.${shell}`);
    writeFileSync(path, (await runAgent(["completions", shell])).stdout);
    return path;
  };
  const made = scripts.get(shell) ?? print();
  scripts.set(shell, made);
  return made;
}

const offersIn = async (shell: Shell, line: string, loading?: Loading) =>
  ask[shell](await scriptFor(shell), line, folder, loading);

/** The offers less what may have been typed already, which one shell repeats and another does not. */
const bare = (offered: readonly string[]) =>
  offered
    .map((offer) => offer.replace(/^--[a-z]+=/, ""))
    .map((offer) => offer.replace(/^.*\//, "").replaceAll("\\ ", " "))
    .sort();

const flagsOf = (name: "keygen" | "ip") => Object.keys(argumentsOf(name)).map((flag) => `--${flag}`);

const cases: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ["", commandNames],
  ["ke", ["keygen"]],
  ["zz", []],
  ["keygen --", flagsOf("keygen")],
  ["ip --", flagsOf("ip")],
  ["--v", ["--verbose", "--version"]],
  ["update --v", ["--verbose"]],
  ["--dom", ["--domain"]],
  ["--domain a.example --domain b.example --dom", ["--domain"]],
  ["ip --domai", []],
  ["--stream ip --dry", ["--dry-run"]],
  ["--domain ", []],
  ["--domain=", []],
  ["--log ", ["human", "json", "plain", "syslog"]],
  ["--log=", ["human", "json", "plain", "syslog"]],
  ["ip --log=js", ["json"]],
  ["completions ", ["bash", "fish", "zsh"]],
  ["completions --log json ", ["bash", "fish", "zsh"]],
  ["completions --quiet f", ["fish"]],
  ["completions bash f", []],
  ["keygen --out keys/al", ["alpha two.key", "alpha.key"]],
  ["keygen --out=keys/b", ["beta.key"]],
  ["keygen --force b", []],
];

for (const shell of ["bash", "zsh", "fish"] as const) {
  describe(`completion in ${shell}`, (test) => {
    for (const [typed, offers] of cases) {
      const name = `offers at the end of "update-route53 ${typed}": ${offers.join(" ") || "nothing"}`;
      test.unless(whyNot(shell), name, async () => {
        const { offered } = await offersIn(shell, `update-route53 ${typed}`);
        assert.equal(bare(offered), [...offers].sort());
      });
    }
  });
}

describe("completions", (test) => {
  test.unless(whyNot("fish"), "describe commands and flags in fish", async () => {
    const described = async (line: string) => (await offersIn("fish", line)).described;
    assert.is(await described("update-route53 key"), `keygen\t${commandTable.keygen.meta.description}\n`);
    assert.is(
      await described("update-route53 --dry"),
      "--dry-run\tprint the record that would be put on the stream, and send nothing\n",
    );
    assert.is(await described("update-route53 keygen --fo"), "--force\treplace the key that is there\n");
  });

  test.unless(whyNot("zsh"), "describe commands and flags in zsh", async () => {
    const described = async (line: string) => (await offersIn("zsh", line)).described;
    assert.match(
      await described("update-route53 "),
      /^keygen +-- Make the key that this device signs its updates with$/m,
    );
    assert.match(
      await described("update-route53 --"),
      /^--check-url +-- echo service that answers with the caller's/m,
    );
  });

  test.unless(whyNot("zsh"), "work in zsh from a directory of fpath as well", async () => {
    assert.equal((await offersIn("zsh", "update-route53 ke", "found")).offered, ["keygen"]);
  });

  test("are printed for the three shells and no other", async () => {
    const { exitCode, stdout, stderr } = await runAgent(["completions", "csh"]);
    assert.is(exitCode, 64);
    assert.is(stdout, "");
    assert.is(stderr, 'update-route53: SHELL: expected one of bash, zsh, fish, got "csh"\n');
  });

  test("stay as they are, whatever form the log has", async () => {
    const plain = await runAgent(["completions", "bash"]);
    const { stdout } = await runAgent(["completions", "bash", "--quiet"], { UPDATE_ROUTE53_LOG: "syslog" });
    assert.is(stdout, plain.stdout);
    assert.match(stdout, /^# Completes update-route53 in bash/);
  });
});
