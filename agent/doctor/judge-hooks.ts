import { exitCode } from "../exit-code.ts";
import { type Diagnosis, ok, problem, unknown, warning } from "./diagnosis.ts";

export interface HookFacts {
  /** How many files and links `install` writes on such a device; 0 where it never did. */
  readonly fileCount: number;
  /** Those that it would write now, or that are not its own any more. */
  readonly different: readonly string[];
  /** What they start; empty where that cannot be told. */
  readonly agent: string;
  /** Whether that can be executed. */
  readonly isProgram: boolean;
}

const check = "hooks";
const COMMON_PATH = /^\/usr\/(?:local\/)?bin\/update-route53$/;

/** Whether something starts the program when the address changes. */
export function judgeHooks({ fileCount, different, agent, isProgram }: HookFacts): Diagnosis {
  if (fileCount === 0) {
    const found = 'none that "update-route53 install" has written; what else starts it, this cannot tell';
    return unknown({ check, found, fix: '"update-route53 install", where nothing else does' });
  }
  const names = COMMON_PATH.test(agent) || agent === "" ? [] : [agent];
  if (agent !== "" && !isProgram) {
    const found = `they start ${agent}, which is no program that can be executed`;
    const fix = 'put it there and chmod 755 it, or say "update-route53 install" where it is';
    return problem(exitCode.configuration, { check, found, fix, names });
  }
  if (different.length > 0) {
    const found = `of ${fileCount} files, ${different.length} are not as this version installs them: ${different.join(", ")}`;
    return warning({
      check,
      found,
      fix: '"update-route53 install", with --force over what was changed',
      names,
    });
  }
  return ok({ check, found: `${fileCount} files as this version installs them; they start ${agent}`, names });
}
