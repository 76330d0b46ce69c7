// Every answer that `pulumi config` may hold: what it means, what it may be, and what it is when nothing is said.
// The message of each schema is the expectation, as it stands after "expected".
import * as v from "valibot";
import { integer, list } from "../lambda/settings-schema.ts";

const text = v.string("a text");
const name = (pattern: RegExp, expectation: string) => v.pipe(text, v.regex(pattern, expectation));
/** A day and two hours: for the update to arrive, and for the metric. */
const SHORTEST_SILENCE = 26;
const SILENCE_TOO_SHORT = `0, or at least ${SHORTEST_SILENCE}, because a device whose address stays is heard once a day`;
const hasNoneTwice = (texts: readonly string[]) => new Set(texts).size === texts.length;
const oneOf = <const T extends readonly number[]>(choices: T) =>
  v.picklist(choices, `one of ${choices.join(", ")}`);

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/**
 * IAM has 5,000 users in an account, and CloudWatch as many alarms in a region, of which some are the stack's own.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const MOST_DEVICES = 4_900;
const LONGEST_TTL = 2 ** 31 - 1;
const seconds = integer(0, LONGEST_TTL);
const families = v.picklist(["ipv4", "ipv6"], '"ipv4" or "ipv6"');

const zone = v.strictObject({
  /** The domain of a public hosted zone of the account, such as `example.com`. */
  name: text,
  /** Its id. Looked up by the name where it is not given; needed where two zones have the same name. */
  id: v.optional(name(/^[A-Z0-9]{1,32}$/, "the id of a hosted zone such as Z0123456789ABC")),
});

const device = v.strictObject({
  /** Names the device in policies, logs, alarms and outputs. */
  name: name(/^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/, "1 to 50 letters, digits, dots and hyphens"),
  /** What it may move: names, or patterns in which `*` is one label and a first `**` one or more. */
  domains: list(text, "a list of names or patterns"),
  /** What its configuration file publishes. Those of `domains` that are names, not patterns. */
  publishes: v.optional(list(text, "a list of names")),
  /** Which addresses it publishes, and may. */
  families: v.optional(
    v.pipe(
      list(families, "a list of address families"),
      v.check((each) => hasNoneTwice(each), "each family once"),
    ),
    ["ipv4"],
  ),
  /** The TTLs it may ask for, and the one where it asks for none. `ttlSeconds` for all three. */
  ttl: v.optional(v.strictObject({ min: seconds, max: seconds, default: seconds })),
  /** What `update-route53 keygen` printed on it. With one, only signed updates count. */
  publicKeys: v.optional(v.array(text, "a list of public keys"), []),
  /** A label for each AWS access key. The last one goes into the configuration file: two while rotating. */
  accessKeys: v.optional(
    v.pipe(
      list(name(/^[A-Za-z0-9-]{1,32}$/, "1 to 32 letters, digits and hyphens"), "a list of labels"),
      v.maxLength(2, "at most 2 access keys, which is all that AWS gives a user"),
      v.check((labels) => hasNoneTwice(labels), "each label once"),
    ),
    ["1"],
  ),
});

export const settingsSchema = v.strictObject({
  /** Which zones: a list of domains, or of `{name, id}`. */
  zones: list(
    v.pipe(
      v.unknown(),
      v.transform((given) => (typeof given === "string" ? { name: given } : given)),
      zone,
    ),
    "a list of zones",
  ),
  /** Which devices, and which names each may move. */
  devices: v.pipe(
    list(device, "a list of devices"),
    v.maxLength(
      MOST_DEVICES,
      `at most ${MOST_DEVICES} devices, because an account has 5000 users and alarms`,
    ),
  ),
  /** Names that every holder of a device's access key may move, with no device named: records of other programs. */
  unsignedDomains: v.optional(v.array(text, "a list of names or patterns"), []),
  /** The TTL of what is published. */
  ttlSeconds: v.optional(seconds, 60),
  /** How far the time that a device writes into an update may be from its arrival, either way. */
  freshnessSeconds: v.optional(integer(1, 86_400), 300),
  /** Names the stream, the function, its log group and the dashboard. */
  streamName: v.optional(
    name(/^[A-Za-z0-9_-]{1,64}$/, "1 to 64 letters, digits, hyphens and underscores"),
    "update-route53",
  ),
  /** How many shards, each good for 1,000 updates a second; or `on-demand`. */
  shards: v.optional(
    v.union([integer(1, 200), v.literal("on-demand")], 'an integer from 1 to 200, or "on-demand"'),
    1,
  ),
  /** How long the stream keeps updates that could not be applied. */
  retentionHours: v.optional(integer(24, 8760), 24),
  /** Whether the stream is encrypted at rest, with the key that AWS keeps for Kinesis. */
  encryption: v.optional(v.boolean("true or false"), true),
  logRetentionDays: v.optional(oneOf(LOG_RETENTION_DAYS), 30),
  /** Who gets the alarms. Nobody, until something subscribes to the topic. */
  alarmEmail: v.optional(name(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address")),
  /** Alarm when nothing was heard of a device for so long; 0 for never. The agent publishes once a day at least. */
  silentDeviceHours: v.optional(
    v.pipe(
      integer(0, 168),
      v.check((hours) => hours === 0 || hours >= SHORTEST_SILENCE, SILENCE_TOO_SHORT),
    ),
    SHORTEST_SILENCE,
  ),
  memoryMb: v.optional(integer(128, 10_240), 256),
  /** Set aside for the function from the account's. Nothing: one shard calls it once at a time anyway. */
  reservedConcurrency: v.optional(integer(1, 1000)),
  /** Put on everything that can have tags. */
  tags: v.optional(
    v.pipe(
      v.unknown(),
      v.check((given) => !Array.isArray(given), "tags and their values"),
      v.record(
        name(/^(?!aws:)./i, "a tag, which is not empty and does not begin with aws:"),
        text,
        "tags and their values",
      ),
    ),
    {},
  ),
  /** The function's bundle, from the folder of Pulumi.yaml. */
  bundle: v.optional(name(/./, "a path"), "dist/lambda/index.mjs"),
  /** Whether names such as `example.com`, which nobody owns, are meant: for tries without AWS. */
  allowExampleNames: v.optional(v.boolean("true or false"), false),
});

/** The answers, defaults filled in. */
export type StackSettings = v.InferOutput<typeof settingsSchema>;
export type DeviceSettings = StackSettings["devices"][number];
