import { exitCode } from "../exit-code.ts";
import { type Diagnosis, ok, problem, unknown, warning } from "./diagnosis.ts";

export interface HookFacts {
  /** How many files and links `install` has written; 0 where it never did. */
  readonly fileCount: number;
  /** Those that are gone, or were changed since. */
  readonly broken: readonly string[];
  /** The program that they start; empty where that cannot be told. */
  readonly agent: string;
  readonly isAgentThere: boolean;
}

const check = "hooks";
const AGAIN = 'say "update-route53 install" again';
const COMMON_PATH = /^\/usr\/(?:local\/)?bin\/update-route53$/;

/** Whether something starts the program when the address changes. */
export function judgeHooks({ fileCount, broken, agent, isAgentThere }: HookFacts): Diagnosis {
  if (fileCount === 0) {
    const found = 'none that "update-route53 install" has written; what else starts it, this cannot tell';
    return unknown({ check, found, fix: '"update-route53 install", where nothing else does' });
  }
  if (broken.length > 0) {
    const found = `of ${fileCount} files as installed, ${broken.length} are gone or changed: ${broken.join(", ")}`;
    return warning({ check, found, fix: `${AGAIN}, which overrules changes with --force` });
  }
  const names = COMMON_PATH.test(agent) ? [] : [agent];
  if (!isAgentThere) {
    const found = `they start ${agent}, and there is no such file`;
    return problem(exitCode.configuration, {
      check,
      found,
      fix: `from where the program is, ${AGAIN}`,
      names,
    });
  }
  return ok({ check, found: `${fileCount} files as installed; they start ${agent}`, names });
}
