// DNS names the way Route 53 reads, stores, orders and returns them.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html

const MAX_LABEL_BYTES = 63;
const MAX_NAME_BYTES = 255;

export type NameResult = { readonly name: string } | { readonly problem: string };

/**
 * Decodes a name as a caller of the API writes it: any case, trailing dot optional, octal escapes optional.
 * The result is canonical: lower case, trailing dot, and every byte outside `a-z0-9-_` as `\ooo` (`\052` for `*`),
 * so that two equal names are equal strings. The problem is worded as AWS words it.
 */
export function decodeName(text: string): NameResult {
  const unsupported = /[^\x21-\x7e]/u.exec(text);
  if (unsupported) {
    return fatal("UnsupportedCharacter (Value contains unsupported characters)", unsupported[0]);
  }
  const labels = text.replace(/\.$/, "").split(".").map(unescapeLabel);
  if (labels.includes("")) return fatal("DomainLabelEmpty (Domain label is empty)", text);
  const long = labels.find((label) => label.length > MAX_LABEL_BYTES);
  if (long) return fatal("DomainLabelTooLong (Domain label is too long)", long);
  const wireBytes = labels.reduce((sum, label) => sum + label.length + 1, 1);
  if (wireBytes > MAX_NAME_BYTES) return fatal("DomainTooLong (Domain name is too long)", text);
  return { name: nameOf(labels) };
}

/** As `decodeName`, for names written in the program: throws where that returns a problem. */
export function parseName(text: string): string {
  const result = decodeName(text);
  if ("problem" in result) throw new Error(`DNS name ${JSON.stringify(text)}: ${result.problem}`);
  return result.name;
}

/** The canonical name of raw labels, one character a byte (latin1). */
export function nameOf(labels: readonly string[]): string {
  return labels.map((label) => `${escapeLabel(label)}.`).join("") || ".";
}

/** The raw labels of a canonical name, one character a byte (latin1). The root has none. */
export function labelsOf(name: string): string[] {
  return name === "." ? [] : name.slice(0, -1).split(".").map(unescapeLabel);
}

/** The canonical name as RFC 1035 §3.1 sends it, uncompressed. */
export function nameBytes(name: string): Buffer {
  const labels = labelsOf(name).map((label) => String.fromCharCode(label.length) + label);
  return Buffer.from(`${labels.join("")}\0`, "latin1");
}

/** The canonical name one label up. An escaped label holds no dot, so the first dot ends the first label. */
export function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1) || ".";
}

/** Whether a canonical name is the zone's apex or below it. */
export function isWithin(name: string, apex: string): boolean {
  return name === apex || name.endsWith(`.${apex}`);
}

/**
 * What ListResourceRecordSets and ListHostedZonesByName sort by: the labels reversed, `com.example.www.`, in ASCII
 * order and with the trailing dot, so that `a-b.example.com` comes before `a.example.com`.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
 */
export function sortKey(name: string): string {
  return labelsOf(name)
    .reverse()
    .map((label) => `${label}.`)
    .join("");
}

export function fatal(kind: string, found: string): { readonly problem: string } {
  return { problem: `FATAL problem: ${kind} encountered with '${found}'` };
}

function unescapeLabel(label: string): string {
  return label
    .replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function escapeLabel(label: string): string {
  return label
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replace(/[^a-z0-9_-]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
