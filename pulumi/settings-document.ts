import { ACCOUNT_CALLS_PER_SECOND } from "../lambda/call-rate.ts";
import type { SettingsDocument } from "../lambda/settings.ts";
import type { StackSettings } from "./settings-schema.ts";

/**
 * The settings document of the function.
 * @param zoneIds in the order of the zones
 */
export function settingsDocument(settings: StackSettings, zoneIds: readonly string[]): SettingsDocument {
  const { zones, devices, unsignedDomains, ttlSeconds, freshnessSeconds, silentDeviceHours } = settings;
  return {
    zones: zones.map(({ name }, index) => ({ name, id: zoneIds[index] ?? "" })),
    devices: devices.map(({ name, domains, families, ttl, publicKeys }) => ({
      name,
      domains,
      families,
      ...(ttl && { ttl }),
      publicKeys,
    })),
    unsignedDomains,
    ttlSeconds,
    freshnessSeconds,
    heartbeatMetrics: silentDeviceHours > 0,
    callsPerSecond: ACCOUNT_CALLS_PER_SECOND / processesOf(settings),
  };
}

/** Of a stream that is new: it takes 4,000 updates a second. It may get more, which nothing tells the function. */
const ON_DEMAND_SHARDS = 4;

/** How many processes of the function work at the same time: one for each shard. */
function processesOf({ shards, reservedConcurrency }: StackSettings): number {
  if (shards === "on-demand") return reservedConcurrency ?? ON_DEMAND_SHARDS;
  return shards;
}
