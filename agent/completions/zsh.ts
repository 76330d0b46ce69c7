import type { Command, Flag, Value } from "./outline.ts";

/**
 * A completion script for zsh, to be put where `fpath` looks or to be sourced after `compinit`.
 * @param commands the first one is meant where none is named
 */
export function zshScript(program: string, commands: readonly Command[]): string {
  const fn = `_${program}`;
  const [first] = commands;
  const listed = commands.map(({ name, description }) => quote(`${name}:${escapeColons(description)}`));
  return `#compdef ${program}
# Completes ${program} in zsh: source <(${program} completions zsh)

${fn}() {
  local -a named=(
${indent(listed, 4)}
  )
  local -a only_first=()
  (( CURRENT > 2 )) || only_first=('(- *)--version[print the version]')
  local command=${first?.name}
  if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
    _describe -t commands command named
    return
  fi
  if [[ $words[2] == (${commands.map(({ name }) => name).join("|")}) ]]; then
    command=$words[2]
    shift words
    (( CURRENT -= 1 ))
  fi
  case $command in
${commands.map(arm).join("\n")}
  esac
}

if [[ $funcstack[1] == ${fn} ]]; then
  ${fn} "$@"
else
  compdef ${fn} ${program}
fi`;
}

function arm({ name, flags, words }: Command): string {
  const specs = [
    ...flags.map((flag) => quote(flagSpec(flag))),
    ...words.map((word) => quote(`:${escapeColons(word.hint)}:${action(word)}`)),
  ];
  return [`    ${name})`, "      _arguments -S $only_first \\", indent(specs, 8, " \\"), "      ;;"].join(
    "\n",
  );
}

/** `zshcompsys(1)`, "_arguments": `*` for a flag that may be repeated, `=` for a value behind it or in the next word. */
function flagSpec({ name, description, isRepeatable, value }: Flag): string {
  const flag = `${isRepeatable ? "*" : ""}--${name}${value ? "=" : ""}`;
  const explained = `${flag}[${description.replace(/[\][\\]/g, "\\$&")}]`;
  return value ? `${explained}:${escapeColons(value.hint)}:${action(value)}` : explained;
}

/** A single space: something must stand there, and nothing is offered. */
function action(value: Value): string {
  switch (value.kind) {
    case "path":
      return "_files";
    case "choice":
      return `(${value.choices.join(" ")})`;
    case "free":
      return " ";
  }
}

const escapeColons = (text: string) => text.replace(/[:\\]/g, "\\$&");
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function indent(lines: readonly string[], columns: number, between = ""): string {
  return lines.map((line) => " ".repeat(columns) + line).join(`${between}\n`);
}
