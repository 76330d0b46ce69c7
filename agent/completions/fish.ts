import type { Command, Flag, Value } from "./outline.ts";

/**
 * A completion script for fish 3 and newer.
 * @param commands the first one is meant where none is named
 */
export function fishScript(program: string, commands: readonly Command[]): string {
  const fn = `__${program.replaceAll("-", "_")}`;
  const names = commands.map(({ name }) => name).join(" ");
  const start = (condition: string) => `complete -c ${program} -n ${quote(condition)}`;
  const flags = Map.groupBy(
    commands.flatMap(({ name, flags }) => flags.map((flag) => ({ name, options: flagOptions(flag) }))),
    ({ options }) => options,
  );
  const words = commands.flatMap(({ name, words }) =>
    words.flatMap((word, index) =>
      word.kind === "free"
        ? []
        : [
            {
              options: [...valueOptions(word), `-d ${quote(word.description)}`].join(" "),
              condition: `${fn}_is ${name}; and ${fn}_has_words ${index}`,
            },
          ],
    ),
  );
  return `# Completes ${program} in fish: ${program} completions fish | source

# Whether the command is one of these; where none is named, it is ${commands[0]?.name}.
function ${fn}_is
    set -l typed (commandline -opc)
    set -l command ${commands[0]?.name}
    contains -- "$typed[2]" ${names}; and set command $typed[2]
    contains -- $command $argv
end

# Whether so many words stand behind the command, flags and their values aside.
function ${fn}_has_words
    set -l typed (commandline -opc)
    set -l count 0
    set -l flag
    for word in $typed[3..]
        if string match -q -- '-*' $word
            set flag (string match -rv -- '=' $word)
        else if contains -- "$flag" ${valueFlags(commands)}
            set flag
        else
            set count (math $count + 1)
        end
    end
    test $count -eq $argv[1]
end

complete -c ${program} -f
complete -c ${program} -n 'test (count (commandline -opc)) -eq 1' -l version -d 'print the version'
${commands
  .map(
    ({ name, description }) =>
      `${start("test (count (commandline -opc)) -eq 1")} -a ${name} -d ${quote(description)}`,
  )
  .join("\n")}
${[...flags]
  .map(([options, same]) => `${start(`${fn}_is ${same.map(({ name }) => name).join(" ")}`)} ${options}`)
  .join("\n")}
${words.map(({ condition, options }) => `${start(condition)} ${options}`).join("\n")}`;
}

function flagOptions({ name, description, value }: Flag): string {
  const options = value ? (value.kind === "path" ? ["-rF"] : ["-x", ...valueOptions(value)]) : [];
  return [`-l ${name}`, ...options, `-d ${quote(description)}`].join(" ");
}

function valueOptions(value: Value): readonly string[] {
  if (value.kind === "path") return ["-F"];
  return value.kind === "choice" ? [`-a ${quote(value.choices.join(" "))}`] : [];
}

/** Every flag that takes a value, as it is typed. */
function valueFlags(commands: readonly Command[]): string {
  const flags = commands.flatMap(({ flags }) => flags.filter(({ value }) => value));
  return [...new Set(flags.map(({ name }) => `--${name}`))].join(" ");
}

const quote = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;
