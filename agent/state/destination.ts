import type { SettingValues } from "../config/settings.ts";

/**
 * What a state is about: the stream, its region, and as whom this device speaks there. What another one was told
 * says nothing.
 */
export function destinationOfSettings(settings: SettingValues): string {
  const { stream, region, "device.name": device, "device.private_key_file": key } = settings;
  const sender = device === undefined ? "" : ` as ${device}${key === undefined ? "" : ", signed"}`;
  return `${stream}@${region ?? ""}${sender}`;
}
