import { isIP } from "node:net";
import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import { defaultCheckUrls, type SettingValues, settingKeys, settings as table } from "../config/settings.ts";
import { createRedactor, type Known } from "../redact.ts";
import type { Diagnosis } from "./diagnosis.ts";

export interface Owner {
  readonly settings: SettingValues;
  /** The configuration file, where there may be one. */
  readonly configPath: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly hostName: string;
  readonly userName: string;
}

/** A text that can be shown to everybody. */
type Redact = (text: string) => string;

/**
 * Hides what tells whose a report is: all that is configured, whatever it looks like, and all that `redact`
 * finds by its form.
 */
export function createReportRedactor(owner: Owner, diagnoses: readonly Diagnosis[]): Redact {
  const redactWords = createRedactor(knownOf(owner, diagnoses));
  const paths = pathsOf(owner);
  return (text) => {
    let told = hideFound(text);
    for (const [path, placeholder] of paths) told = told.replaceAll(path, placeholder);
    return redactWords(told);
  };
}

/** The line with every text in it redacted, so that a program can read it as before. */
export function redactDiagnosis(diagnosis: Diagnosis, redact: Redact): Diagnosis {
  const { check, found, fix, ...rest } = diagnosis;
  return { check, ...rest, found: redact(found), ...(fix !== undefined && { fix: redact(fix) }) };
}

/** Messages quote what they found, and name what others call themselves: nothing here knows such words. */
function hideFound(text: string): string {
  return text
    .replace(/\bgot (?:"(?:[^"\\]|\\.)*"?|[[{].*)/g, "got <value>")
    .replace(/unknown key "(?:[^"\\]|\\.)*"/g, "unknown key <value>")
    .replace(/(:\d*:) .*: unknown key.*/g, "$1 <key>: unknown key")
    .replace(/(altnames: |is an alias of |issued by )[^;]*?(?=;| \(|$)/g, "$1<value>");
}

function knownOf(
  { settings, environment, hostName, userName }: Owner,
  diagnoses: readonly Diagnosis[],
): Known {
  const { stream, partition_key: partitionKey, interface: interfaceName } = settings;
  const isOwn = (word: string | undefined): word is string => word !== undefined && word !== "";
  const everybodys: readonly string[] = defaultCheckUrls.map((url) => new URL(url).host);
  const echoHosts = (settings.check_urls ?? []).flatMap(({ host, hostname }) => [host, hostname]);
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE, USER } = environment;
  const toldNames = diagnoses.flatMap(({ names = [] }) => names);
  const names = (settings.domains ?? []).map(({ fqdn }) => fqdnToWire(fqdn));
  return {
    name: names,
    host: [hostName, interfaceName, ...echoHosts, ...toldNames]
      .filter(isOwn)
      .filter((host) => ![...everybodys, ...names].includes(host) && !isCommonWord(host)),
    device: [settings["device.name"]].filter(isOwn),
    user: [userName, USER, AWS_PROFILE].filter(isOwn).filter((user) => user !== "root"),
    stream: [stream].filter(isOwn).filter((name) => name !== table.stream.default),
    "key-id": [settings.access_key_id, AWS_ACCESS_KEY_ID].filter(isOwn),
    secret: [settings.secret_access_key, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, partitionKey].filter(
      isOwn,
    ),
  };
}

/** What every report says, and every AWS endpoint is called; addresses show by their form. */
function isCommonWord(name: string): boolean {
  if (isIP(name.replace(/^\[|\]?(?::\d+)?$/g, ""))) return true;
  if (name === table.stream.default || /^kinesis\.[a-z\d-]+\.amazonaws\.com$/.test(name)) return true;
  return ["check", "interface", "hook", "localhost", "update"].includes(name);
}

/** Each path that a person chose, longer ones first, and what is shown in its place. */
function pathsOf({ settings, configPath }: Owner): readonly (readonly [path: string, placeholder: string])[] {
  const chosen = settingKeys.flatMap((key) => {
    const value = settings[key];
    const isPath = /_file$|_directory$/.test(key) && typeof value === "string";
    const isDefault = "default" in table[key] && table[key].default === value;
    return isPath && !isDefault ? [[value, `<${key}>`] as const] : [];
  });
  const config =
    configPath === undefined || /^\/(?:etc\/[^/]*|dev\/null)$/.test(configPath) ? [] : [configPath];
  return [...chosen, ...config.map((path) => [path, "<config file>"] as const)].sort(
    ([a], [b]) => b.length - a.length,
  );
}
