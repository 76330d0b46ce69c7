import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import { quote } from "../../lambda/contract/refusal.ts";
import { ExpectedFailure, exitCode } from "../exit-code.ts";
import type { SettingKey, SettingValues } from "./settings.ts";

/**
 * Checks what no setting says alone.
 * @param place where a setting was given: `config.toml:3: domains`
 * @throws {ExpectedFailure} 78
 */
export function checkSettings(settings: SettingValues, place: (key: SettingKey) => string): void {
  const problem = problemOfDomains(settings) ?? problemOfCheckUrls(settings) ?? problemOfQuorum(settings);
  if (problem === undefined) return;
  const [key, told] = problem;
  throw new ExpectedFailure(exitCode.configuration, `${place(key)}: ${told}`);
}

type Problem = readonly [key: SettingKey, told: string];

function problemOfDomains({ domains = [], families = [] }: SettingValues): Problem | undefined {
  // Two entries that want different things of one name would take turns for ever.
  const wanted = domains.flatMap(({ fqdn, families: own = families }) =>
    own.map((family) => `${fqdn} ${family}`),
  );
  const twice = wanted.find((key, index) => wanted.indexOf(key) !== index);
  if (twice !== undefined) {
    const [fqdn = "", family] = twice.split(" ");
    return ["domains", `expected each name once, found ${quote(fqdn)} twice for ${family}`];
  }
  const outside = domains.find(
    ({ families: own }) => own && !own.some((family) => families.includes(family)),
  );
  if (outside === undefined) return undefined;
  const found = `found only ${outside.families?.join(" and ")} for ${quote(fqdnToWire(outside.fqdn))}`;
  return ["domains", `expected a family that families lists (${families.join(", ")}), ${found}`];
}

function problemOfCheckUrls({ check_urls = [] }: SettingValues): Problem | undefined {
  const urls = check_urls.map(({ href }) => href);
  const twice = urls.find((url, index) => urls.indexOf(url) !== index);
  // Asked twice, one service would have two votes.
  if (twice === undefined) return undefined;
  return ["check_urls", `expected each URL once, found ${quote(twice)} twice`];
}

function problemOfQuorum({ check_urls = [], quorum }: SettingValues): Problem | undefined {
  const { length } = check_urls;
  if (quorum === undefined || quorum <= length) return undefined;
  return ["quorum", `expected at most ${length}, as many as there are check_urls, got ${quorum}`];
}
