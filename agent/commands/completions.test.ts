import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, describe } from "../../scripts/describe.ts";
import { runAgent } from "../../scripts/local/agent-process.ts";
import { commandNames, commandTable } from "../command-table.ts";

const folder = mkdtempSync(join(tmpdir(), "completions-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "keys"));
for (const name of ["alpha.key", "alpha two.key", "beta.key"]) writeFileSync(join(folder, "keys", name), "");

type Shell = "bash" | "zsh" | "fish";

function run(program: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, TERM: "dumb", LC_ALL: "C.UTF-8" };
  const options = { encoding: "utf8", timeout: 60_000, env, cwd: folder } as const;
  const { stdout, stderr, error } = spawnSync(program, args, options);
  if (error) throw error;
  assert.is(stderr, "");
  return stdout;
}

const scripts: Record<string, string> = {};
async function scriptPath(shell: Shell): Promise<string> {
  scripts[shell] ??= (await runAgent(["completions", shell])).stdout;
  const path = join(folder, `script.${shell}`);
  writeFileSync(path, scripts[shell]);
  return path;
}

/** What bash offers at the end of a line: it breaks the words, and then calls the function that \`complete -p\` names. */
async function bashOffers(line: string): Promise<readonly string[]> {
  const words = line.split(/ |(=)/).filter((word) => word !== undefined);
  if (words.at(-1) === "" && words.at(-2) === "=") words.pop();
  const call = `
    source "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    called=$(complete -p "$1"); called=\${called##*-F }; \${called% *}
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return lines(run("bash", "--norc", "--noprofile", "-c", call, "bash", await scriptPath("bash"), ...words));
}

/** What fish offers: itself can be asked, and tells the descriptions. */
async function fishOffers(line: string): Promise<readonly string[]> {
  const ask = `source $argv[1]; complete -C $argv[2]`;
  return lines(run("fish", "--no-config", "-c", ask, await scriptPath("fish"), line));
}

/** Types a line and a tab into an interactive zsh, where \`compadd\` writes down what it is given. */
const ZSH_DRIVER = `
zmodload zsh/zpty
zpty typed zsh -f -i
zpty -w typed "autoload -Uz compinit; $2; source $1/record.zsh; $3; print REA''DY"
while zpty -r typed line; do [[ $line != *READY* ]] || break; done
zpty -n -w typed "$4"$'\\t'
while zpty -r typed line; do [[ $line != *DONE* ]] || break; done
zpty -d typed`;
const ZSH_RECORD = `
compadd() {
  local -a matches
  if [[ " $* " != *' -'[OAD]' '* ]]; then
    builtin compadd -A matches "$@"
    (( ! $#matches )) || print -rl -- $matches >> ${folder}/offered
    local at=\${@[(i)-d]}
    (( at >= $# )) || print -rl -- \${(P)@[at+1]} >> ${folder}/described
  fi
  builtin compadd "$@"
}
complete-and-tell() { zle complete-word; print DONE }
zle -N complete-and-tell
bindkey '^I' complete-and-tell`;

async function zshOffers(line: string, isInFpath = false): Promise<readonly string[]> {
  const script = await scriptPath("zsh");
  writeFileSync(join(folder, "_update-route53"), scripts.zsh ?? "");
  writeFileSync(join(folder, "record.zsh"), ZSH_RECORD);
  writeFileSync(join(folder, "offered"), "");
  writeFileSync(join(folder, "described"), "");
  // From a dump, zsh finds its completions quickly.
  const before = isInFpath ? `fpath=(${folder} $fpath); compinit -u -D` : `compinit -C -d ${folder}/dump`;
  const after = isInFpath ? "true" : `source ${script}`;
  run("zsh", "-f", "-c", ZSH_DRIVER, "zsh", folder, before, after, line);
  return lines(run("cat", join(folder, "offered")));
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** The offers alone, whole or behind what was typed already, with or without their descriptions. */
const bare = (offers: readonly string[]) =>
  offers
    .map((offer) =>
      offer
        .replace(/\t.*$/, "")
        .replace(/^--[a-z]+=/, "")
        .replace(/^.*\//, "")
        .replaceAll("\\ ", " "),
    )
    .sort();

const flagsOf = (name: "keygen" | "ip") =>
  [...Object.keys(commandTable[name].args), "log", "verbose", "quiet", "help"].map((flag) => `--${flag}`);

const cases: [line: string, offers: readonly string[]][] = [
  ["update-route53 ", commandNames],
  ["update-route53 ke", ["keygen"]],
  ["update-route53 zz", []],
  ["update-route53 keygen --", flagsOf("keygen")],
  ["update-route53 ip --", flagsOf("ip")],
  ["update-route53 --v", ["--verbose", "--version"]],
  ["update-route53 update --v", ["--verbose"]],
  ["update-route53 --dom", ["--domain"]],
  ["update-route53 --domain a.example --domain b.example --dom", ["--domain"]],
  ["update-route53 ip --domai", []],
  ["update-route53 --stream ip --dry", ["--dry-run"]],
  ["update-route53 --domain ", []],
  ["update-route53 --domain=", []],
  ["update-route53 --log ", ["human", "json", "plain", "syslog"]],
  ["update-route53 --log=", ["human", "json", "plain", "syslog"]],
  ["update-route53 ip --log=js", ["json"]],
  ["update-route53 completions ", ["bash", "fish", "zsh"]],
  ["update-route53 completions --log json ", ["bash", "fish", "zsh"]],
  ["update-route53 completions --quiet f", ["fish"]],
  ["update-route53 completions bash f", []],
  ["update-route53 keygen --out keys/al", ["alpha two.key", "alpha.key"]],
  ["update-route53 keygen --out=keys/b", ["beta.key"]],
  ["update-route53 keygen --force b", []],
];

const offersOf = { bash: bashOffers, zsh: zshOffers, fish: fishOffers };

for (const shell of ["bash", "zsh", "fish"] as const) {
  const isThere = spawnSync(shell, ["-c", "true"]).status === 0;
  const absent = isThere ? undefined : `${shell} is not installed`;
  describe(`completion in ${shell}`, (test) => {
    for (const [line, offers] of cases) {
      test.unless(absent, `offers at the end of "${line}": ${offers.join(" ") || "nothing"}`, async () => {
        assert.equal(bare(await offersOf[shell](line)), [...offers].sort());
      });
    }
  });
}

describe("completions", (test) => {
  const why = (shell: Shell) =>
    spawnSync(shell, ["-c", "true"]).status === 0 ? undefined : `${shell} is not installed`;

  test.unless(why("fish"), "describe commands and flags in fish", async () => {
    assert.equal(await fishOffers("update-route53 key"), [`keygen\t${commandTable.keygen.meta.description}`]);
    assert.equal(await fishOffers("update-route53 --fo"), ["--force\tpublish what is unchanged too"]);
    assert.equal(await fishOffers("update-route53 keygen --fo"), ["--force\treplace the key that is there"]);
  });

  test.unless(why("zsh"), "describe commands and flags in zsh", async () => {
    const described = () => run("cat", join(folder, "described"));
    await zshOffers("update-route53 ");
    assert.match(described(), /^keygen +-- Make the key that this device signs its updates with$/m);
    await zshOffers("update-route53 --");
    assert.match(described(), /^--check-url +-- echo service that answers with the caller's address/m);
  });

  test.unless(why("zsh"), "work in zsh from a directory of fpath as well", async () => {
    assert.equal(await zshOffers("update-route53 ke", true), ["keygen"]);
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
