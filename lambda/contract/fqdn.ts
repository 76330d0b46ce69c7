import { domainToASCII, domainToUnicode } from "node:url";
import { quote, RefusedError } from "./refusal.ts";

/** A fully qualified domain name: lower case, A-labels, with the trailing dot. */
export type Fqdn = string & { readonly brand: "Fqdn" };

const LONGEST_LABEL = 63;
/** RFC 1035 section 2.3.4: 255 octets on the wire, which are 253 characters without the trailing dot. */
const LONGEST_NAME = 253;
/** RFC 3490 section 3.1: these separate labels as a full stop does. */
const IDEOGRAPHIC_DOTS = /[\u3002\uff0e\uff61]/g;
/** Letters, digits, hyphens (RFC 1123) and the underscore that service names use (RFC 8552). */
const IDN_LABEL = /^xn--|[^\0-\x7f]/;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

/** What most names are already, and needs no closer look: canonical but for the last dot. */
const CANONICAL =
  /^(?:\*\.(?!xn--|[^.]*$))?(?:(?!xn--)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!xn--|\d+$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Parses a domain name of at least two labels, in any case, with or without the trailing dot, with IDN
 * labels (UTS 46), with `*` as the leftmost label or not.
 * @throws {RefusedError} `fqdn-malformed`
 */
export function parseFqdn(text: string): Fqdn {
  if (text.length <= LONGEST_NAME && CANONICAL.test(text)) return `${text}.` as Fqdn;
  const refuse = (problem: string): never => {
    throw new RefusedError("fqdn-malformed", `${problem}, got ${quote(text)}`);
  };
  const dotted = text.replace(IDEOGRAPHIC_DOTS, ".");
  const labels = (dotted.endsWith(".") ? dotted.slice(0, -1) : dotted).split(".");
  if (labels.length < 2) refuse("expected a full domain name such as home.example.com");
  const ascii = labels.map((label, index) => {
    if (label === "*" && index === 0) return label;
    if (label.includes("*")) refuse("expected * only as the whole first label of a domain name");
    return toALabel(label) ?? refuse(`expected labels of letters, digits and hyphens, found ${quote(label)}`);
  });
  if (/^\d+$/.test(ascii.at(-1) ?? "")) refuse("expected a domain name, which never ends in a number");
  if (labels[0] === "*" && labels.length < 3) refuse("expected * to stand before a full domain name");
  const name = ascii.join(".");
  if (name.length > LONGEST_NAME) refuse(`expected at most ${LONGEST_NAME} characters`);
  return `${name}.` as Fqdn;
}

/** The label in the form that DNS carries, or undefined where there is none. */
function toALabel(label: string): string | undefined {
  const lower = label.toLowerCase();
  const ascii = IDN_LABEL.test(lower) ? idnToALabel(lower) : lower;
  return ascii.length <= LONGEST_LABEL && LABEL.test(ascii) ? ascii : undefined;
}

/** UTS 46 by way of the URL host parser: "" where it refuses. */
function idnToALabel(label: string): string {
  // The host parser would cut at "/", drop a line feed and decode "%41": only LDH may stand beside IDN.
  if (/[^a-z0-9_\u0080-\uffff-]/.test(label)) return "";
  // Behind a name of letters, a label of digits is not read as an IPv4 address.
  const unicode = domainToUnicode(`${label}.invalid`);
  const ascii = domainToASCII(unicode).replace(/\.invalid$/, "");
  if (!label.startsWith("xn--")) return ascii;
  // An A-label must be what its own Unicode form gives (RFC 5891 section 5.4); a fake one has none.
  return ascii === label && unicode !== `${label}.invalid` ? ascii : "";
}

/** The name as it goes on the stream, without the trailing dot. */
export function fqdnToWire(fqdn: Fqdn): string {
  return fqdn.slice(0, -1);
}

/** Whether the name is the apex or lies below it, on label boundaries. */
export function isWithin(fqdn: Fqdn, apex: Fqdn): boolean {
  return fqdn === apex || fqdn.endsWith(`.${apex}`);
}
