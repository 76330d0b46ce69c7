import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import { quote } from "../../lambda/contract/refusal.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { SettingValues } from "./settings.ts";

/**
 * Checks what no setting says alone.
 * @throws {ExpectedFailure} 78
 */
export function checkSettings(settings: SettingValues): void {
  const problem = problemOfDomains(settings) ?? problemOfCheckUrls(settings);
  if (problem !== undefined) throw new ExpectedFailure(exitCode.configuration, problem);
}

function problemOfDomains({ domains = [], families = [] }: SettingValues): string | undefined {
  // Two entries that want different things of one name would take turns for ever.
  const wanted = domains.flatMap(({ fqdn, families: own = families }) =>
    own.map((family) => `${fqdn} ${family}`),
  );
  const twice = wanted.find((key, index) => wanted.indexOf(key) !== index);
  if (twice !== undefined) {
    const [fqdn = "", family] = twice.split(" ");
    return `domains: expected each name once, found ${quote(fqdn)} twice for ${family}`;
  }
  const outside = domains.find(
    ({ families: own }) => own && !own.some((family) => families.includes(family)),
  );
  if (outside === undefined) return undefined;
  const found = `found only ${outside.families?.join(" and ")} for ${quote(fqdnToWire(outside.fqdn))}`;
  return `domains: expected a family that families lists (${families.join(", ")}), ${found}`;
}

function problemOfCheckUrls({ check_urls = [], quorum }: SettingValues): string | undefined {
  const urls = check_urls.map(({ href }) => href);
  const twice = urls.find((url, index) => urls.indexOf(url) !== index);
  // Asked twice, one service would have two votes.
  if (twice !== undefined) return `check_urls: expected each URL once, found ${quote(twice)} twice`;
  if (quorum === undefined || quorum <= urls.length) return undefined;
  return `quorum: expected at most ${urls.length}, as many as there are check_urls, got ${quorum}`;
}
