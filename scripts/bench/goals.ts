// What a benchmark holds its numbers against. It reports, and fails nowhere.

export interface Goal {
  readonly what: string;
  /** What was measured; undefined where it could not be, for the reason `without`. */
  readonly found: number | undefined;
  readonly without?: string;
  readonly limit: number;
  readonly isAtLeast?: boolean;
  readonly unit: string;
}

export function formatGoal({ what, found, limit, isAtLeast = false, unit, without = "" }: Goal): string {
  const goal = `goal ${what} ${isAtLeast ? "at least" : "at most"} ${limit} ${unit}`;
  if (found === undefined) return `${goal}: not measured, ${without}`;
  const isMet = isAtLeast ? found >= limit : found <= limit;
  return `${goal}: ${isMet ? "met" : "MISSED"} (${found.toFixed(2)})`;
}
