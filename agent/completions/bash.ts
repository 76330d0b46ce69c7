import type { Command, Value } from "./outline.ts";

/**
 * A completion script for bash 3.2 and newer, without bash-completion.
 * @param commands the first one is meant where none is named
 */
export function bashScript(program: string, commands: readonly Command[]): string {
  const fn = `_${program.replaceAll("-", "_")}`;
  const names = commands.map(({ name }) => name);
  return `# Completes ${program} in bash: eval "$(${program} completions bash)"

# What may stand at a place, in REPLY: the texts, or "path". The place is a command with a flag or a number of word.
${fn}_values() {
  REPLY=
  case $1 in
${arms(valuePlaces(commands))}
    *) return 1 ;;
  esac
}

${fn}_flags() {
  case $1 in
${arms(commands.map(({ name, flags }) => [name, flags.map((flag) => `--${flag.name}`).join(" ")]))}
  esac
}

${fn}() {
  local word=\${COMP_WORDS[COMP_CWORD]} command=${names[0]} at=1 position=0 flag= place REPLY line IFS=$' \\t\\n'
  # Readline breaks words at "=": --log=json is three of them.
  [[ $word != = ]] || word=
  COMPREPLY=()
  if ((COMP_CWORD == 1)) && [[ $word != -* ]]; then
    COMPREPLY=($(compgen -W '${names.join(" ")}' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
    ${names.join(" | ")}) command=\${COMP_WORDS[1]} at=2 ;;
  esac
  for ((; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      =) ;;
      -*) flag=\${COMP_WORDS[at]}; ${fn}_values "$command:$flag" || flag= ;;
      *) if [[ $flag ]]; then flag=; else ((position += 1)); fi ;;
    esac
  done
  place=$command:\${flag:-$position}
  if [[ ! $flag && $word == -* ]] || ! ${fn}_values "$place"; then
    ${fn}_flags "$command"
    ((COMP_CWORD > 1)) || REPLY+=' --version'
  fi
  if [[ $REPLY == path ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
  else
    COMPREPLY=($(compgen -W "$REPLY" -- "$word"))
  fi
}

complete -F ${fn} ${program}`;
}

type Arm = readonly [pattern: string, reply: string];

/** Every place that takes a value, with what can be offered there. */
function valuePlaces(commands: readonly Command[]): readonly Arm[] {
  return commands.flatMap(({ name, flags, words }) => [
    ...words.map((word, index): Arm => [`${name}:${index}`, replyOf(word)]),
    ...flags.flatMap((flag): Arm[] => (flag.value ? [[`${name}:--${flag.name}`, replyOf(flag.value)]] : [])),
  ]);
}

function replyOf(value: Value): string {
  return value.kind === "choice" ? value.choices.join(" ") : value.kind === "path" ? "path" : "";
}

/** The arms of a \`case\` on $1 that set REPLY, one for each reply. */
function arms(all: readonly Arm[]): string {
  const byReply = Map.groupBy(all, ([, reply]) => reply);
  return [...byReply]
    .map(([reply, same]) => `    ${same.map(([pattern]) => pattern).join(" | ")}) REPLY='${reply}' ;;`)
    .join("\n");
}
