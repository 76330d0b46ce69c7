import { resolve } from "node:path";
import { parseCommandLine } from "./command-line.ts";
import { loadSettings } from "./config/load-settings.ts";
import type { SettingValues } from "./config/settings.ts";
import { type Job, jobOf } from "./job.ts";
import type { HandedRequest } from "./lock/instance.ts";
import type { Log } from "./log.ts";

const PATHS = [
  "access_key_id_file",
  "secret_access_key_file",
  "ca_file",
  "device.private_key_file",
  "state_directory",
] as const satisfies readonly (keyof SettingValues)[];

/**
 * The job that another process would have had, from its own arguments, variables and working directory. The
 * directory is not entered: it may be gone by now, or not be seen from here.
 * @throws {ExpectedFailure} 64, 65 or 78
 */
export function createHandedJob({ argv, environment, directory }: HandedRequest, log: Log): Job {
  const absolute = (path: string) => resolve(directory, path);
  const { given } = parseCommandLine(argv);
  const { config } = given.texts;
  const named = environment.UPDATE_ROUTE53_CONFIG;
  const { settings, configPath } = loadSettings(
    { ...given, texts: { ...given.texts, ...(config && { config: config.map(absolute) }) } },
    // Handed over is only what comes from the same AWS environment.
    {
      AWS_REGION: process.env.AWS_REGION,
      ...environment,
      ...(named && { UPDATE_ROUTE53_CONFIG: absolute(named) }),
    },
  );
  const paths = PATHS.flatMap((key) => {
    const path = settings[key];
    return path === undefined ? [] : [[key, absolute(path)]];
  });
  return jobOf({ settings: { ...settings, ...Object.fromEntries(paths) }, configPath }, given, log);
}
