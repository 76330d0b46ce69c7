// The request quota of an AWS account: five Route 53 calls a second, of all kinds together.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests

/**
 * A token bucket that holds one second's worth of calls.
 * @returns a function that says whether a call at this time is within the rate, and counts it where it is.
 */
export function createRateLimit(callsPerSecond: number): (nowMs: number) => boolean {
  let tokens = callsPerSecond;
  let filledAtMs: number | undefined;
  return (nowMs) => {
    const elapsedMs = Math.max(0, nowMs - (filledAtMs ?? nowMs));
    tokens = Math.min(callsPerSecond, tokens + (elapsedMs / 1_000) * callsPerSecond);
    filledAtMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
