import { howToSet } from "../config/how-to-set.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { type Diagnosis, ok, problem, unknown, warning } from "./diagnosis.ts";

export interface Failure {
  readonly reason: string;
  readonly exitCode: ExitCode;
}

export interface ConfigurationFacts {
  /** The file that was read; undefined where there is none. */
  readonly path: string | undefined;
  /** The first thing that is wrong, with file, line and key. */
  readonly failure: Failure | undefined;
  /** How many names are to be kept up to date. */
  readonly domainCount: number;
}

export function judgeConfiguration({ path, failure, domainCount }: ConfigurationFacts): Diagnosis {
  const check = "configuration";
  if (failure) {
    const fix = "mend it there; until then, the other checks know only flags, environment and defaults";
    return problem(failure.exitCode, { check, found: failure.reason, fix });
  }
  const from = path === undefined ? "no file, only flags and environment" : path;
  if (domainCount === 0) {
    const fix = howToSet('domains = ["home.example.com"]', path);
    return problem(exitCode.configuration, { check, found: `${from}: no domains to keep up to date`, fix });
  }
  return ok({ check, found: `${from}: no error, ${domainCount} ${domainCount === 1 ? "name" : "names"}` });
}

export interface SecretFile {
  readonly path: string;
  /** Undefined where that cannot be told: there is no such file, for one. */
  readonly isReadableByOthers: boolean | undefined;
}

/** The files that hold secrets. Those that are missing are the trouble of whoever reads them. */
export function judgePermissions(files: readonly SecretFile[]): Diagnosis {
  const check = "permissions";
  const exposed = files.filter((file) => file.isReadableByOthers).map(({ path }) => path);
  if (exposed.length > 0) {
    const found = `other users of this machine can read the secret in ${exposed.join(" and ")}`;
    return warning({ check, found, fix: `chmod 600 ${exposed.join(" ")}` });
  }
  const read = files.filter((file) => file.isReadableByOthers === false);
  if (read.length === 0) return ok({ check, found: "no file with a secret is configured" });
  return ok({
    check,
    found: `only the owner can read the secrets in ${read.map(({ path }) => path).join(" and ")}`,
  });
}

export type DeviceKeyFacts =
  | { readonly kind: "unread" }
  | { readonly kind: "none"; readonly configPath: string | undefined }
  | { readonly kind: "nameOnly"; readonly device: string }
  | { readonly kind: "key"; readonly device: string; readonly publicKey: string }
  | { readonly kind: "failure"; readonly failure: Failure };

export function judgeDeviceKey(facts: DeviceKeyFacts): Diagnosis {
  const check = "device key";
  switch (facts.kind) {
    case "unread": {
      const found = "could not confirm: the configuration cannot be read";
      return unknown({ check, found, fix: "mend the configuration first" });
    }
    case "none":
      return warning({
        check,
        found: "no device is named, so that only names which the stack leaves open to all are moved",
        fix: `${howToSet('name = "..."', facts.configPath, "device")}, as the stack's configuration calls this device`,
      });
    case "nameOnly":
      return ok({ check, found: `device ${facts.device} has no key, updates are not signed` });
    case "key":
      return ok({
        check,
        found: `device ${facts.device} signs; the policy must hold publicKeys: ["${facts.publicKey}"]`,
      });
    case "failure": {
      const { reason, exitCode: code } = facts.failure;
      const fix =
        '"update-route53 keygen --out PATH" makes a key, device.name and device.private_key_file name it';
      return problem(code, { check, found: reason, fix });
    }
  }
}
