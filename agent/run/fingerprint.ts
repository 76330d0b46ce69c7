import type { SettingValues } from "../config/settings.ts";
import { readAddresses, readDefaultInterface } from "../detect/kernel.ts";

/**
 * What the kernel says of the interface that matters to each family, as one text: another text means that
 * the address may have changed. Reads no file but those of /proc, which no disk holds.
 */
export function readFingerprint(settings: SettingValues): string {
  const { families = [], interface: name, "ipv6.select": selection } = settings;
  try {
    return families
      .map((family) => {
        const found = name ?? readDefaultInterface(family);
        const addresses = found === undefined ? [] : (readAddresses(found, family, selection) ?? []);
        return `${family} ${found ?? "none"} ${addresses.join(" ")}`;
      })
      .join("\n");
  } catch {
    // Some systems do not tell: then only the interval counts.
    return "";
  }
}
