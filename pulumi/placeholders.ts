import { quote } from "../lambda/contract/refusal.ts";
import type { StackSettings } from "./settings-schema.ts";

/** RFC 2606 and RFC 6761: nobody can own these, and Route 53 has no public zone of them. */
const NOBODYS_NAME = /(?:^|[.@])(?:example\.(?:com|net|org)|(?:example|test|invalid|localhost|local))\.?$/i;
const PLACEHOLDER = /change[-_ ]?me|replace[-_ ]?me|\btodo\b|\byour[-_ ]|^<.*>$|^x{3,}/i;

/** The public keys of RFC 8032's test vectors: their private keys are in the RFC, too. */
const PUBLISHED_KEYS = [
  "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
  "/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=",
];

interface Answer {
  readonly place: string;
  readonly text: string;
}

/** The first answer that somebody copied and forgot to change, in words; undefined where there is none. */
export function findPlaceholder(settings: StackSettings): string | undefined {
  for (const { place, text } of answersOf(settings)) {
    if (PLACEHOLDER.test(text) || PUBLISHED_KEYS.includes(text))
      return `${place}: expected your own answer, got the placeholder ${quote(text)}`;
    if (!settings.allowExampleNames && NOBODYS_NAME.test(text)) {
      return `${place}: expected a name of your own, got ${quote(text)}, which is for examples only`;
    }
  }
  return undefined;
}

function answersOf({ zones, devices, unsignedDomains, alarmEmail, streamName }: StackSettings): Answer[] {
  const all = (place: string, texts: readonly string[]) =>
    texts.map((text, index) => ({ place: `${place}[${index}]`, text }));
  return [
    ...zones.map(({ name }, index) => ({ place: `zones[${index}].name`, text: name })),
    ...devices.flatMap(({ name, domains, publishes = [], publicKeys }, index) => [
      { place: `devices[${index}].name`, text: name },
      ...all(`devices[${index}].domains`, domains),
      ...all(`devices[${index}].publishes`, publishes),
      ...all(`devices[${index}].publicKeys`, publicKeys),
    ]),
    ...all("unsignedDomains", unsignedDomains),
    ...(alarmEmail === undefined ? [] : [{ place: "alarmEmail", text: alarmEmail }]),
    { place: "streamName", text: streamName },
  ];
}
