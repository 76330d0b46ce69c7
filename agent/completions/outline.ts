import type { ArgDef, ArgsDef } from "citty";
import { choicesOf } from "../command-flags.ts";

/** What may stand somewhere: a path, one of a few texts, or anything, which nothing can complete. */
export type Value =
  | { readonly kind: "path" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "free" };

export interface Flag {
  readonly name: string;
  readonly description: string;
  readonly isRepeatable: boolean;
  /** Undefined for a flag that takes none. */
  readonly value: (Value & { readonly hint: string }) | undefined;
}

/** A command as a shell sees it. */
export interface Command {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly Flag[];
  /** What stands beside the flags, in order. */
  readonly words: readonly (Value & { readonly hint: string; readonly description: string })[];
}

/** A row of the command table, with all that the command takes. */
export interface CommandRow {
  readonly name: string;
  readonly description: string;
  readonly args: ArgsDef;
}

/** What completion needs to know of a command. */
export function outline({ name, description, args }: CommandRow, repeatable: ReadonlySet<string>): Command {
  const entries = Object.entries(args);
  const words = entries.filter(([, { type }]) => type === "positional");
  const flags = entries.filter(([, { type }]) => type !== "positional");
  return {
    name,
    description,
    words: words.map(([word, arg]) => ({
      ...valueFor(arg),
      hint: arg.valueHint ?? word.toUpperCase(),
      description: arg.description ?? "",
    })),
    flags: flags.map(([flag, arg]) => ({
      name: flag,
      description: arg.description ?? "",
      isRepeatable: repeatable.has(flag),
      value: arg.type === "boolean" ? undefined : { ...valueFor(arg), hint: arg.valueHint ?? "TEXT" },
    })),
  };
}

function valueFor(arg: ArgDef): Value {
  const choices = choicesOf(arg);
  if (choices) return { kind: "choice", choices };
  return { kind: arg.valueHint === "PATH" ? "path" : "free" };
}
