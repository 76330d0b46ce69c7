import type { KeyObject } from "node:crypto";
import { type CallRate, callRateOf } from "./call-rate.ts";
import type { Family } from "./contract/address.ts";
import { type Fqdn, isWithin, parseFqdn } from "./contract/fqdn.ts";
import { quote } from "./contract/refusal.ts";
import { parsePublicKey } from "./contract/signature.ts";
import { createShadowCheck, findHiding, findOverlap, type PatternClaim } from "./pattern-overlap.ts";
import { fixedSuffix, parseNamePattern } from "./patterns.ts";
import { createPermission, type Permission } from "./permission.ts";
import { isServiceLabel } from "./reserved-labels.ts";
import { type CompleteSettings, checkSettings, type SettingsDocument } from "./settings-schema.ts";
import { fixedTtl, type TtlRange } from "./ttl-range.ts";
import type { Zone } from "./zone.ts";

export type { SettingsDocument };

/** Who may ask for a change: a device, or everybody who may put on the stream. */
export interface Sender extends Permission {
  /** Undefined for the sender of plain records, {ip, domain, uuid}, which name no device. */
  readonly device?: string;
  readonly families: ReadonlySet<Family>;
  readonly ttl: TtlRange;
  /** Where there is one, only its signature moves the sender's names. */
  readonly publicKeys: readonly KeyObject[];
}

type Zones = ReadonlyMap<Fqdn, Zone>;

export interface Settings {
  readonly zones: Zones;
  readonly devices: ReadonlyMap<string, Sender>;
  readonly unsigned: Sender;
  /** Whether a wildcard name would answer for names that only a signature may move. */
  readonly shadowsKeyed: (fqdn: Fqdn) => boolean;
  /** How far `issued_at` may be from the arrival on the stream, either way. */
  readonly freshnessMs: number;
  readonly heartbeatMetrics: boolean;
  /** How often a process may call Route 53. */
  readonly callRate: CallRate;
}

/**
 * Parses and checks the settings document: everything that could make the function move a name it should not.
 * @throws {Error} `settings: devices[0].domains[1]: expected …, got …`
 */
export function parseSettings(document: unknown): Settings {
  const settings = checkSettings(document);
  const zones = parseZones(settings);
  const claims = [
    ...claimsOf("unsignedDomains", settings.unsignedDomains, false),
    ...settings.devices.flatMap(({ domains, publicKeys }, index) =>
      claimsOf(`devices[${index}].domains`, domains, publicKeys.length > 0),
    ),
  ];
  for (const claim of claims) checkClaim(claim, zones);
  const conflict = findOverlap(claims) ?? findHiding(claims, zones);
  if (conflict) refuse(conflict.place, conflict.problem);
  return {
    zones,
    devices: parseDevices(settings, zones),
    unsigned: parseUnsigned(settings, zones),
    shadowsKeyed: createShadowCheck(claims),
    freshnessMs: settings.freshnessSeconds * 1000,
    heartbeatMetrics: settings.heartbeatMetrics,
    callRate: callRateOf(settings.callsPerSecond),
  };
}

function refuse(place: string, problem: string): never {
  throw new Error(`settings: ${place}: ${problem}`);
}

/** The result of a parser of the contract, or its complaint with the place in the document. */
function parseAt<T>(place: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`settings: ${place}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

function parseZones({ zones }: CompleteSettings): Map<Fqdn, Zone> {
  const parsed = new Map<Fqdn, Zone>();
  const ids = new Set<string>();
  for (const [index, { name, id }] of zones.entries()) {
    const apex = parseAt(`zones[${index}].name`, () => parseFqdn(name));
    if (apex.startsWith("*"))
      refuse(`zones[${index}].name`, `expected the name of a zone, got ${quote(name)}`);
    if (parsed.has(apex)) refuse(`zones[${index}].name`, `expected each zone once, got ${quote(name)} twice`);
    if (ids.has(id)) refuse(`zones[${index}].id`, `expected each zone once, got ${quote(id)} twice`);
    ids.add(id);
    parsed.set(apex, { apex, id });
  }
  return parsed;
}

function claimsOf(place: string, domains: readonly string[], isKeyed: boolean): PatternClaim[] {
  return domains.map((text, index) => {
    const at = `${place}[${index}]`;
    return { place: at, pattern: parseAt(at, () => parseNamePattern(text)), isKeyed };
  });
}

function checkClaim({ place, pattern }: PatternClaim, zones: Zones): void {
  const suffix = fixedSuffix(pattern);
  if (![...zones.keys()].some((apex) => isWithin(suffix, apex))) {
    refuse(place, `expected a name or pattern inside one of the zones, got ${quote(pattern.text)}`);
  }
  if (pattern.labels.some(isServiceLabel)) {
    refuse(place, `expected the name of a host, not of a service, got ${quote(pattern.text)}`);
  }
}

function parseDevices({ devices, ttlSeconds }: CompleteSettings, zones: Zones): Map<string, Sender> {
  const senders = new Map<string, Sender>();
  for (const [index, { name, domains, families, ttl, publicKeys }] of devices.entries()) {
    const place = `devices[${index}]`;
    if (senders.has(name)) refuse(`${place}.name`, `expected each device once, got ${quote(name)} twice`);
    const range = ttl ?? fixedTtl(ttlSeconds);
    if (range.min > range.default || range.default > range.max) {
      refuse(
        `${place}.ttl`,
        `expected min <= default <= max, got ${range.min}, ${range.default}, ${range.max}`,
      );
    }
    senders.set(name, {
      device: name,
      ...createPermission(domains, zones),
      families: new Set(families),
      ttl: range,
      publicKeys: publicKeys.map((key, at) =>
        parseAt(`${place}.publicKeys[${at}]`, () => parsePublicKey(key)),
      ),
    });
  }
  return senders;
}

function parseUnsigned({ unsignedDomains, ttlSeconds }: CompleteSettings, zones: Zones): Sender {
  const families = new Set<Family>(["ipv4", "ipv6"]);
  const permission = createPermission(unsignedDomains, zones);
  return { ...permission, families, ttl: fixedTtl(ttlSeconds), publicKeys: [] };
}
