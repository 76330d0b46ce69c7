/** RFC 3339, to the second. What comes from a file can be any number. */
export function formatInstant(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "an impossible time" : date.toISOString().replace(/\.\d+Z$/, "Z");
}
