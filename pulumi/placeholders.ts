import { quote } from "../lambda/contract/refusal.ts";
import { parseNamePattern } from "../lambda/patterns.ts";
import type { StackSettings } from "./settings-schema.ts";

/** RFC 2606 and RFC 6761: nobody can own these, and Route 53 has no public zone of them. */
const NOBODYS_NAME = /(?:^|[.@])(?:example\.(?:com|net|org)|(?:example|test|invalid|localhost|local))\.?$/i;
const PLACEHOLDER =
  /change[-_ ]?me|replace[-_ ]?me|\btodo\b|\byour[-_ ]|\b(?:your|my)[-_ ]?(?:domain|company)\b|^<.*>$|^x{3,}/i;
/** An id of a zone as messages and documents have it. */
const NO_ZONES_ID = /^Z(?:0123456789ABC|X{3,})$/;
/** Full stops of other scripts, which names may have. */
const IDEOGRAPHIC_DOTS = /[\u3002\uff0e\uff61]/g;

/** The public keys of RFC 8032's test vectors: their private keys are in the RFC, too. */
const PUBLISHED_KEYS = [
  "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
  "/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=",
];

interface Answer {
  readonly place: string;
  readonly text: string;
  /** Whether it is a domain name or pattern, or ends in one behind an `@`. */
  readonly isDomain: boolean;
}

/** The first answer that somebody copied and forgot to change, in words; undefined where there is none. */
export function findPlaceholder(settings: StackSettings): string | undefined {
  for (const { place, text, isDomain } of answersOf(settings)) {
    // Full-width letters, for one, are those of the name that they stand for.
    const spellings = isDomain ? [text, canonicalOf(text)] : [text];
    if (spellings.some(isPlaceholder))
      return `${place}: expected your own answer, got the placeholder ${quote(text)}`;
    if (isDomain && !settings.allowExampleNames && spellings.some((each) => NOBODYS_NAME.test(each))) {
      return `${place}: expected a name of your own, got ${quote(text)}, which is for examples only`;
    }
  }
  return undefined;
}

function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text) || NO_ZONES_ID.test(text) || PUBLISHED_KEYS.includes(text);
}

function canonicalOf(text: string): string {
  try {
    return parseNamePattern(text.replace(/^.*@/, "").replace(IDEOGRAPHIC_DOTS, ".")).text;
  } catch {
    // Refused later, with the reason.
    return text;
  }
}

function answersOf({
  zones,
  devices,
  unsignedDomains,
  alarmEmail,
  streamName,
  tags,
}: StackSettings): Answer[] {
  return [
    ...zones.map(({ name }, index) => domain(`zones[${index}].name`, name)),
    ...zones.map(({ id = "" }, index) => plain(`zones[${index}].id`, id)),
    ...devices.flatMap(({ name, domains, publishes = [], publicKeys }, index) => [
      plain(`devices[${index}].name`, name),
      ...domains.map((text, at) => domain(`devices[${index}].domains[${at}]`, text)),
      ...publishes.map((text, at) => domain(`devices[${index}].publishes[${at}]`, text)),
      ...publicKeys.map((text, at) => plain(`devices[${index}].publicKeys[${at}]`, text)),
    ]),
    ...unsignedDomains.map((text, at) => domain(`unsignedDomains[${at}]`, text)),
    ...(alarmEmail === undefined ? [] : [domain("alarmEmail", alarmEmail)]),
    plain("streamName", streamName),
    ...Object.entries(tags).map(([key, value]) => plain(`tags.${key}`, value)),
  ];
}

function domain(place: string, text: string): Answer {
  return { place, text, isDomain: true };
}

function plain(place: string, text: string): Answer {
  return { place, text, isDomain: false };
}
