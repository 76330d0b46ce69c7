import * as v from "valibot";
import { ACCOUNT_CALLS_PER_SECOND } from "./call-rate.ts";
import { DEVICE_NAME } from "./contract/payload.ts";
import { quote } from "./contract/refusal.ts";

// The message of each schema is the expectation, as it stands after "expected". Both are one line.
const LONGEST_TTL = 2 ** 31 - 1;
/** Two while rotating, and more in time. A forged signature is tried with each of them, by whoever sends it. */
const MOST_PUBLIC_KEYS = 8;
/** Of a thousand processes. */
const FEWEST_CALLS_PER_SECOND = 0.005;
const callsExpectation = `a number from ${FEWEST_CALLS_PER_SECOND} to ${ACCOUNT_CALLS_PER_SECOND}`;

const text = v.string("a string");

/** A schema of whole numbers in a range, with the range as its message. */
export function integer(min: number, max: number) {
  const expectation = `an integer from ${min} to ${max}`;
  const range = v.pipe(v.number(expectation), v.integer(expectation), v.minValue(min, expectation));
  return v.pipe(range, v.maxValue(max, expectation));
}

/** A schema of lists that are not empty. */
export function list<const T extends v.GenericSchema>(item: T, expectation: string) {
  return v.pipe(v.array(item, expectation), v.minLength(1, `${expectation}, at least one`));
}

const zone = v.strictObject({
  name: text,
  id: v.pipe(text, v.regex(/^[A-Z0-9]{1,32}$/, "the id of a hosted zone such as Z0123456789ABC")),
});

const ttl = v.strictObject({
  min: integer(0, LONGEST_TTL),
  max: integer(0, LONGEST_TTL),
  default: integer(0, LONGEST_TTL),
});

const device = v.strictObject({
  name: v.pipe(text, v.regex(DEVICE_NAME, "1 to 64 letters, digits, dots and hyphens")),
  domains: list(text, "a list of names or patterns"),
  families: v.optional(list(v.picklist(["ipv4", "ipv6"], '"ipv4" or "ipv6"'), "a list of address families"), [
    "ipv4",
    "ipv6",
  ]),
  ttl: v.optional(ttl),
  publicKeys: v.optional(
    v.pipe(
      v.array(text, "a list of public keys"),
      v.maxLength(MOST_PUBLIC_KEYS, `at most ${MOST_PUBLIC_KEYS} public keys`),
    ),
    [],
  ),
});

/** The settings as the deployment writes them, structure only. */
export const settingsSchema = v.strictObject({
  zones: list(zone, "a list of zones"),
  devices: v.optional(v.array(device, "a list of devices"), []),
  unsignedDomains: v.optional(v.array(text, "a list of names or patterns"), []),
  ttlSeconds: v.optional(integer(0, LONGEST_TTL), 60),
  freshnessSeconds: v.optional(integer(1, 86_400), 300),
  heartbeatMetrics: v.optional(v.boolean("true or false"), false),
  /** Of each process: what the account allows, divided by how many processes work at the same time. */
  callsPerSecond: v.optional(
    v.pipe(
      v.number(callsExpectation),
      v.minValue(FEWEST_CALLS_PER_SECOND, callsExpectation),
      v.maxValue(ACCOUNT_CALLS_PER_SECOND, callsExpectation),
    ),
    ACCOUNT_CALLS_PER_SECOND,
  ),
});

/** What may be written. */
export type SettingsDocument = v.InferInput<typeof settingsSchema>;
/** What was written, defaults filled in. */
export type CompleteSettings = v.InferOutput<typeof settingsSchema>;

/**
 * Checks the structure of a settings document and fills in defaults.
 * @throws {Error} `settings: devices[0].ttl.min: expected …, got …`
 */
export function checkSettings(document: unknown): CompleteSettings {
  return checkDocument(settingsSchema, document, "settings");
}

/**
 * Checks a document against a schema whose messages are expectations, and fills in defaults.
 * @param name how messages call the document
 * @throws {Error} `NAME: devices[0].ttl.min: expected …, got …`
 */
export function checkDocument<S extends v.GenericSchema>(
  schema: S,
  document: unknown,
  name: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, document, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new Error([name, ...pathOf(issue), problemOf(issue)].join(": "));
}

function pathOf(issue: v.BaseIssue<unknown>): string[] {
  const keys = (issue.path ?? []).map((item) => item.key);
  const path = keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return path === "" ? [] : [quote(path.replace(/^\./, "")).slice(1, -1)];
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object") {
    if (issue.expected === "never") return "unknown key";
    if (issue.received === "undefined") return "expected a value, found nothing";
    return `expected an object, got ${quote(issue.input)}`;
  }
  return `expected ${issue.message}, got ${quote(issue.input)}`;
}
