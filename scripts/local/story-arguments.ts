import { fqdnToWire, parseFqdn } from "../../lambda/contract/fqdn.ts";
import { RefusedError } from "../../lambda/contract/refusal.ts";
import { readArguments, refuse } from "../read-arguments.ts";

export interface StoryArguments {
  readonly domain: string;
  /** The zone that holds the name: its last two labels. */
  readonly zone: string;
  /** An address to publish instead of one that is learnt. */
  readonly ip: string | undefined;
}

const LABELS_OF_ZONE = 2;

/** Reads the arguments of a script that starts the local cloud; ends the process where they are wrong. */
export function readStoryArguments({ command, help }: { command: string; help: string }): StoryArguments {
  const { ip, domain } = readArguments({
    command,
    synopsis: "[-- [--ip ADDRESS] [--domain NAME]]",
    help,
    options: { ip: { type: "string" }, domain: { type: "string", default: "home.example.com" } },
  }).values;
  const name = parseName(domain, command);
  const zone = name.split(".").slice(-LABELS_OF_ZONE).join(".");
  return { domain: name, zone, ip };
}

function parseName(domain: string, command: string): string {
  try {
    return fqdnToWire(parseFqdn(domain));
  } catch (error) {
    if (error instanceof RefusedError) return refuse(command, `--domain: ${error.message}`);
    throw error;
  }
}
