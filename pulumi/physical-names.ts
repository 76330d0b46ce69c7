// Names that must be known without a deployment: to Lambda itself, or to metrics and alarms.

/** Where Lambda logs for a function of the stream's name. */
export function logGroupName(streamName: string): string {
  return `/aws/lambda/${streamName}`;
}

export function failuresQueueName(streamName: string): string {
  return `${streamName}-failures`;
}
