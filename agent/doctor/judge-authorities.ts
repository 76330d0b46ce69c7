import { type Diagnosis, ok, problem, warning } from "./diagnosis.ts";
import type { Failure } from "./judge-files.ts";

export type AuthoritiesFacts =
  | { readonly kind: "none" }
  | { readonly kind: "failure"; readonly failure: Failure }
  | {
      readonly kind: "believed";
      readonly path: string;
      readonly isWritableByOthers: boolean;
      readonly authorities: readonly AuthorityFact[];
    };

export interface AuthorityFact {
  readonly name: string;
  /** Until when the authority's own certificate is valid. */
  readonly validToMs: number;
}

const check = "certificate authorities";

/** What is believed besides Node's own; no line where that is nothing. */
export function judgeAuthorities(facts: AuthoritiesFacts, nowMs: number): readonly Diagnosis[] {
  if (facts.kind === "none") return [];
  if (facts.kind === "failure") {
    const { reason, exitCode: code } = facts.failure;
    const fix = "mend ca_file or that file; until then, the other checks believe Node's own authorities only";
    return [problem(code, { check, found: reason, fix })];
  }
  const { path, authorities } = facts;
  const believed = judgeBelieved(path, authorities, nowMs);
  if (facts.isWritableByOthers) {
    const found = `${path}: other users of this machine can write what is believed there`;
    return [believed, warning({ check, found, fix: `chmod go-w ${path}` })];
  }
  return [believed];
}

function judgeBelieved(path: string, authorities: readonly AuthorityFact[], nowMs: number): Diagnosis {
  const names = authorities.map(({ name }) => name);
  const expired = authorities.filter(({ validToMs }) => validToMs < nowMs);
  if (expired.length > 0) {
    const found = `${path}: expired, so that nothing is believed by it: ${list(expired)}`;
    return warning({ check, found, fix: "get the new certificate from whoever runs the authority", names });
  }
  return ok({ check, found: `${path}: believed besides Node's own: ${list(authorities)}`, names });
}

const MOST_NAMES = 3;

function list(authorities: readonly AuthorityFact[]): string {
  if (authorities.length > MOST_NAMES) return `${authorities.length} authorities`;
  return authorities.map(({ name }) => JSON.stringify(name)).join(", ");
}
