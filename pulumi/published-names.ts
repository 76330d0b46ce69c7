import { type Fqdn, fqdnToWire, parseFqdn } from "../lambda/contract/fqdn.ts";
import { quote, RefusedError } from "../lambda/contract/refusal.ts";
import { parseNamePattern } from "../lambda/patterns.ts";
import type { Sender, Settings } from "../lambda/settings.ts";
import type { DeviceSettings, StackSettings } from "./settings-schema.ts";

/** The names that the device's configuration file publishes: those given, or those it may move. */
export function publishedNames({ domains, publishes }: DeviceSettings): Fqdn[] {
  const names = publishes ?? domains.filter((text) => parseNamePattern(text).isExact);
  return names.map(parseFqdn);
}

/**
 * Finds the first name of a device's configuration file that the agent or the function would refuse, in words;
 * undefined where there is none.
 */
export function findUnpublishable({ devices }: StackSettings, accepted: Settings): string | undefined {
  for (const [index, device] of devices.entries()) {
    const place = `devices[${index}]`;
    const sender = accepted.devices.get(device.name);
    const problem =
      findTwice(device.domains, `${place}.domains`, (text) => parseNamePattern(text).text) ??
      (sender && findForbidden(device, `${place}.publishes`, { sender, accepted }));
    if (problem !== undefined) return problem;
    if (publishedNames(device).length > 0) continue;
    return `${place}.publishes: expected the names to publish, because its domains are patterns only`;
  }
  return undefined;
}

/** The names that two devices publish addresses of the same family for, in words. */
export function describeSharedNames({ devices }: StackSettings): string[] {
  const publishers = new Map<string, string>();
  const shared: string[] = [];
  for (const device of devices) {
    for (const fqdn of publishedNames(device)) {
      for (const family of device.families) {
        const other = publishers.get(`${fqdn} ${family}`);
        publishers.set(`${fqdn} ${family}`, device.name);
        if (other === undefined) continue;
        const who = `devices: both ${other} and ${device.name} publish ${fqdnToWire(fqdn)} (${family})`;
        shared.push(`${who}: its address is that of the one heard last`);
      }
    }
  }
  return shared;
}

/** The agent refuses a name that its file has twice, however it is written. */
function findTwice(
  texts: readonly string[],
  place: string,
  canonical: (text: string) => string,
): string | undefined {
  const seen = new Set<string>();
  for (const [index, text] of texts.entries()) {
    const name = canonical(text);
    if (seen.has(name)) return `${place}[${index}]: expected each name once, got ${quote(text)} again`;
    seen.add(name);
  }
  return undefined;
}

function findForbidden(
  { publishes = [] }: DeviceSettings,
  place: string,
  { sender, accepted }: { readonly sender: Sender; readonly accepted: Settings },
): string | undefined {
  for (const [index, text] of publishes.entries()) {
    const problem = findProblemOfName(text, sender, accepted);
    if (problem !== undefined) return `${place}[${index}]: ${problem}`;
  }
  return findTwice(publishes, place, parseFqdn);
}

/** By the rules of the function's `authorize`. */
function findProblemOfName(text: string, sender: Sender, { shadowsKeyed }: Settings): string | undefined {
  const fqdn = tryParse(text);
  if (typeof fqdn !== "string") return fqdn.message;
  const got = `got ${quote(text)}`;
  if (sender.isReserved(fqdn))
    return `expected a name written out in its domains, because no star reaches a zone, name server or service, ${got}`;
  if (!sender.mayMove(fqdn)) return `expected a name of its domains, ${got}`;
  if (sender.publicKeys.length > 0 || !shadowsKeyed(fqdn)) return undefined;
  return `expected no wildcard above names that only a signature may move, ${got}`;
}

function tryParse(text: string): Fqdn | RefusedError {
  try {
    return parseFqdn(text);
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
}
