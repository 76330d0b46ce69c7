import { parseArgs } from "node:util";
import { fqdnToWire, parseFqdn } from "../../lambda/contract/fqdn.ts";

export interface StoryArguments {
  readonly domain: string;
  /** The zone that holds the name: its last two labels. */
  readonly zone: string;
  /** An address to publish instead of one that is learnt. */
  readonly ip: string | undefined;
}

const LABELS_OF_ZONE = 2;

/**
 * Reads `--ip ADDRESS --domain NAME`, both optional.
 * @throws {Error} with one line
 */
export function parseStoryArguments(argv: readonly string[]): StoryArguments {
  const options = {
    ip: { type: "string" },
    domain: { type: "string", default: "home.example.com" },
  } as const;
  const { ip, domain } = parseArgs({ args: [...argv], options }).values;
  const name = fqdnToWire(parseFqdn(domain));
  const zone = name.split(".").slice(-LABELS_OF_ZONE).join(".");
  return { domain: name, zone, ip };
}
