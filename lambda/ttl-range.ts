/** The TTLs that a sender may ask for, in seconds, and the one where it asks for none. */
export interface TtlRange {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export function fixedTtl(seconds: number): TtlRange {
  return { min: seconds, max: seconds, default: seconds };
}

/** The nearest TTL in the range. */
export function clampTtl(wanted: number | undefined, { min, max, default: usual }: TtlRange): number {
  return wanted === undefined ? usual : Math.min(max, Math.max(min, wanted));
}
