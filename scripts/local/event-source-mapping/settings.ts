// The parameters of a Kinesis event source mapping that are supported here, with AWS's defaults and limits.
// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html

/** Named as AWS and Pulumi's `aws.lambda.EventSourceMapping` name them. */
export interface EventSourceMappingSettings {
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  /** Largest number of records in one event. */
  readonly batchSize: number;
  /** How long to gather records for a batch that is not full. */
  readonly maximumBatchingWindowInSeconds: number;
  readonly functionResponseTypes: readonly "ReportBatchItemFailures"[];
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: until the function succeeds. */
  readonly maximumRetryAttempts: number;
  /** -1: as old as the stream keeps them. */
  readonly maximumRecordAgeInSeconds: number;
}

export type EventSourceMappingArgs = Pick<EventSourceMappingSettings, "startingPosition"> &
  Partial<EventSourceMappingSettings>;

const DEFAULTS = {
  batchSize: 100,
  maximumBatchingWindowInSeconds: 0,
  functionResponseTypes: [],
  bisectBatchOnFunctionError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: -1,
} as const;

const RANGES = [
  { name: "batchSize", least: 1, most: 10_000 },
  { name: "maximumBatchingWindowInSeconds", least: 0, most: 300 },
  { name: "maximumRetryAttempts", least: 0, most: 10_000, orUnlimited: true },
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html: "The minimum valid value for
  // maximum record age is 60s".
  { name: "maximumRecordAgeInSeconds", least: 60, most: 604_800, orUnlimited: true },
] as const;

/** Adds the defaults. Throws for a value that AWS refuses. */
export function parseSettings(args: EventSourceMappingArgs): EventSourceMappingSettings {
  const settings: EventSourceMappingSettings = { ...DEFAULTS, ...args };
  if (!["TRIM_HORIZON", "LATEST"].includes(settings.startingPosition)) {
    const found = JSON.stringify(settings.startingPosition);
    throw new Error(`event source mapping: startingPosition: expected TRIM_HORIZON or LATEST, got ${found}`);
  }
  for (const { name, least, most, ...range } of RANGES) {
    const value = settings[name];
    const isUnlimited = "orUnlimited" in range && value === -1;
    if (isUnlimited || (Number.isInteger(value) && value >= least && value <= most)) continue;
    const expected = `${"orUnlimited" in range ? "-1 or " : ""}an integer from ${least} to ${most}`;
    throw new Error(`event source mapping: ${name}: expected ${expected}, got ${value}`);
  }
  return settings;
}
