// Real shells, asked what they would offer at the end of a line.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Shell = "bash" | "zsh" | "fish";

/** What a shell offers, and what it says of the offers where it tells. */
export interface Offers {
  readonly offered: readonly string[];
  readonly described: string;
}

/** How to load a script: by naming it, or (zsh alone) from a directory where it looks by itself. */
export type Loading = "sourced" | "found";

const folder = mkdtempSync(join(tmpdir(), "completing-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

/** Why a shell cannot be asked; undefined where it can. */
export function whyNot(shell: Shell): string | undefined {
  return spawnSync(shell, ["-c", "true"]).status === 0 ? undefined : `${shell} is not installed`;
}

function run(program: string, args: readonly string[], cwd: string): string {
  const env = { PATH: process.env.PATH, HOME: folder, TERM: "dumb", LC_ALL: "C.UTF-8" };
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000, env, cwd });
  if (error) throw error;
  if (stderr !== "") throw new Error(`expected ${program} to say nothing, but it says: ${stderr}`);
  return stdout;
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** Bash breaks the words, and calls the function that `complete -p` names. */
const BASH_CALL = `
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
called=$(complete -p "$1"); called=\${called##*-F }; \${called% *}
printf '%s\\n' "\${COMPREPLY[@]}"`;

function askBash(script: string, line: string, cwd: string): Offers {
  const words = line.split(/ |(=)/).filter((word) => word !== undefined);
  if (words.at(-1) === "" && words.at(-2) === "=") words.pop();
  const args = ["--norc", "--noprofile", "-c", BASH_CALL, "bash", script, ...words];
  return { offered: lines(run("bash", args, cwd)), described: "" };
}

function askFish(script: string, line: string, cwd: string): Offers {
  const ask = "source $argv[1]; complete -C $argv[2]";
  const described = run("fish", ["--no-config", "-c", ask, script, line], cwd);
  return { offered: lines(described).map((offer) => offer.replace(/\t.*/, "")), described };
}

/** Types a line and a tab into an interactive zsh, where `compadd` writes down what it is given. */
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

function askZsh(script: string, line: string, cwd: string, loading: Loading = "sourced"): Offers {
  const place = (name: string) => join(folder, name);
  writeFileSync(place("record.zsh"), ZSH_RECORD);
  for (const name of ["offered", "described"]) writeFileSync(place(name), "");
  const [before, after] =
    loading === "found"
      ? [`fpath=(${folder} $fpath); compinit -u -D`, "true"]
      : // From a dump, zsh finds its own completions quickly.
        [`compinit -C -d ${folder}/dump`, `source ${script}`];
  if (loading === "found") writeFileSync(place("_update-route53"), readFileSync(script));
  run("zsh", ["-f", "-c", ZSH_DRIVER, "zsh", folder, before, after, line], cwd);
  const read = (name: string) => readFileSync(place(name), "utf8");
  return { offered: lines(read("offered")), described: read("described") };
}

type Ask = (script: string, line: string, cwd: string, loading?: Loading) => Offers;

/** Asks a shell: with a file that holds the completion script, a line, and the directory to be in. */
export const ask: Readonly<Record<Shell, Ask>> = { bash: askBash, zsh: askZsh, fish: askFish };
