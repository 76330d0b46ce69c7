import type { Family } from "../../lambda/contract/address.ts";
import type { SettingValues } from "../config/settings.ts";
import { checkSource, type Responder } from "./check.ts";
import type { Source } from "./detect.ts";
import { interfaceSource } from "./interface.ts";

/** The sources of the settings, in the order in which they are asked. */
export function createSources(settings: SettingValues): readonly Source[] {
  if (settings.interface !== undefined) return [interfaceSource(settings.interface)];
  const urls = settings.check_urls ?? [];
  const responders = urls.map(
    (url): Responder =>
      async (family: Family, signal) => {
        // Loaded when asked: an address that a person or an interface gives needs no HTTP client.
        const { askHttpEcho } = await import("./http-echo.ts");
        return askHttpEcho(url, family, signal);
      },
  );
  return [checkSource(responders, Math.floor(urls.length / 2) + 1)];
}
