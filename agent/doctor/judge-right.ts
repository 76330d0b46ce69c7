import { type ExitCode, exitCode } from "../exit-code.ts";
import type { PublishError } from "../publish/publish-error.ts";
import { type Diagnosis, ok, problem, unknown } from "./diagnosis.ts";
import type { Failure } from "./judge-files.ts";

/** What came of asking whether a record could be put on the stream. */
export type RightFacts =
  /** The service confirms it, and has written nothing. */
  | { readonly kind: "allowed" }
  /** The service has taken the harmless record, although asked not to. */
  | { readonly kind: "taken" }
  /** There is no way to ask without writing. */
  | { readonly kind: "unsupported"; readonly detail: string }
  | { readonly kind: "refused"; readonly error: PublishError }
  /** The credentials cannot be read. */
  | { readonly kind: "failed"; readonly failure: Failure }
  /** Not asked: something that comes before is missing. */
  | { readonly kind: "unasked"; readonly reason: string };

const CHECK = "right to publish";

const FIXES: Partial<Record<ExitCode, string>> = {
  [exitCode.configuration]: "compare stream, region and credentials with what the deployment printed",
  [exitCode.tryAgain]: "see the endpoint and resolver checks, then try again",
};

export function judgeRight(stream: string, facts: RightFacts): Diagnosis {
  const say = (found: string) => ({ check: CHECK, found: `stream ${stream}: ${found}` });
  switch (facts.kind) {
    case "allowed":
      return ok(say("the credentials may put records on it, and none was written (DryRun)"));
    case "taken":
      return ok(say("the credentials may put records on it; the service wrote one that is no update"));
    case "unsupported":
      return unknown({
        ...say(`could not confirm that the credentials may put records on it: ${facts.detail}`),
        fix: '"update-route53 --force" publishes the address, and so proves it',
      });
    case "unasked":
      return unknown({
        ...say(`could not confirm that the credentials may put records on it: ${facts.reason}`),
        fix: "mend that first",
      });
    case "failed":
      return problem(facts.failure.exitCode, { ...say(facts.failure.reason), fix: "mend that first" });
    case "refused": {
      const { meaning, detail, fix, exitCode: code } = facts.error;
      const found = `${meaning} (${detail})`;
      return problem(code, { check: CHECK, found, fix: fix ?? FIXES[code] ?? "see the other checks" });
    }
  }
}
