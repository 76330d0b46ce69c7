import type { SettingsDocument } from "../lambda/settings.ts";
import type { StackSettings } from "./settings-schema.ts";

/**
 * The settings document of the function.
 * @param zoneIds in the order of the zones
 */
export function settingsDocument(settings: StackSettings, zoneIds: readonly string[]): SettingsDocument {
  const { zones, devices, unsignedDomains, ttlSeconds, silentDeviceHours } = settings;
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
    heartbeatMetrics: silentDeviceHours > 0,
  };
}
