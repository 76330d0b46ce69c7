/**
 * Of one AWS account, together with whatever else calls Route 53 in it.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
 */
export const ACCOUNT_CALLS_PER_SECOND = 5;

/** So many calls in any period. */
export interface CallRate {
  readonly calls: number;
  readonly periodMs: number;
}

/**
 * The rate at which a process calls where it may make so many calls a second: whole ones in a second, or one in as
 * many seconds as it takes. Other processes may do the same at the same instant, so a fraction is not saved up.
 */
export function callRateOf(callsPerSecond: number): CallRate {
  if (callsPerSecond < 1) return { calls: 1, periodMs: Math.ceil(1_000 / callsPerSecond) };
  return { calls: Math.floor(callsPerSecond), periodMs: 1_000 };
}
