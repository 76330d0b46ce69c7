import type { Family } from "../../lambda/contract/address.ts";
import type { Ipv6Selection } from "../config/value-kinds.ts";
import { type Answer, type Finding, judge, type Source } from "./detect.ts";
import { readAddresses, readDefaultInterface } from "./kernel.ts";

/**
 * The source that reads the kernel's addresses of an interface.
 * @param name the interface; undefined for the one that holds the family's default route
 */
export function interfaceSource(name: string | undefined, selection: Ipv6Selection | undefined): Source {
  return {
    name: "interface",
    async ask(family) {
      const found = name ?? readDefaultInterface(family);
      if (found === undefined) return finding("interface", [], `there is no ${family} default route`);
      return askInterface(found, family, selection);
    },
  };
}

export interface Hook {
  readonly interface: string;
  readonly hint: string | undefined;
  /** Whether a person has chosen this interface; otherwise the one with the default route is meant. */
  readonly isChosen: boolean;
}

/**
 * The source that a hook opens: the interface it names, as the kernel sees it now. The address that the
 * hook passes may be older than that, and counts only where the interface cannot be read.
 */
export function hookSource(
  { interface: name, hint, isChosen }: Hook,
  selection: Ipv6Selection | undefined,
): Source {
  return {
    name: "hook",
    async ask(family) {
      const isReadable = readAddresses(name, family, selection) !== undefined;
      if (!isReadable && hint !== undefined)
        return finding(`hook of ${name}`, [judge(name, hint, family)], "");
      const main = isChosen ? undefined : readDefaultInterface(family);
      // Of a network behind this one, for example, which has public IPv6 addresses as well.
      if (main !== undefined && main !== name)
        return finding(`hook of ${name}`, [], `the ${family} default route is that of ${main}`);
      return askInterface(name, family, selection);
    },
  };
}

function askInterface(name: string, family: Family, selection: Ipv6Selection | undefined): Finding {
  const from = `interface ${name}`;
  const addresses = readAddresses(name, family, selection);
  if (addresses === undefined) return finding(from, [], "it is not there, or has no address");
  const answers = addresses.map((address) => judge(name, address, family));
  return finding(from, answers, `it has no ${family} address to publish`);
}

/** The first answer that is known; without one, all the reasons. */
function finding(from: string, answers: readonly Answer[], reasonForNone: string): Finding {
  const known = answers.find((answer) => answer.state === "known");
  if (known) return { ...known, from, answers };
  const reasons = answers.map((answer) => (answer.state === "unavailable" ? answer.reason : ""));
  return { from, state: "unavailable", reason: reasons.join("; ") || reasonForNone, answers };
}
