import type { HandedRequest } from "./handover.ts";

/** What a process with this command line hands over; null for one that wants to stay at work. */
export function requestOf(
  argv: readonly string[] | undefined,
  environment: NodeJS.ProcessEnv,
): HandedRequest | null {
  if (argv === undefined) return null;
  const own = Object.entries(environment).filter(([name]) => name.startsWith("UPDATE_ROUTE53_"));
  return { argv, environment: Object.fromEntries(own) as Record<string, string>, directory: whereWeAre() };
}

/** Region, keys, profile, endpoint and whatever else the AWS SDK reads. */
export function accountOf(environment: NodeJS.ProcessEnv): string {
  const entries = Object.entries(environment).filter(([name]) => name.startsWith("AWS_"));
  return JSON.stringify(entries.sort(([one = ""], [other = ""]) => (one < other ? -1 : 1)));
}

/** Where the directory is gone, nothing can be relative to it. */
function whereWeAre(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}
