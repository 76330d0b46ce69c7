import { addressFamily } from "../../lambda/contract/address.ts";
import type { ServerAddress } from "../config/value-kinds.ts";
import type { DnsQuestion } from "./dns-message.ts";

/** A question, and the one server to put it to. */
export interface DnsQuestionAt {
  readonly server: ServerAddress;
  readonly question: DnsQuestion;
}

const DNS_PORT = 53;
/** RFC 1035 section 2.3.4. */
const LONGEST_NAME = 253;
const NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/i;

const types = ["A", "AAAA", "TXT"] as const;
const classes = ["IN", "CH"] as const;

/**
 * Reads a URL of RFC 4501, `dns://SERVER[:PORT]/NAME?type=TYPE;class=CLASS`. Stricter: the server must be
 * there and be a literal address (a name would have to be resolved by somebody else first), and an unknown
 * word is not ignored but refused. Laxer: `&` may stand for `;`. As there, the defaults are A and IN.
 */
export function parseDnsUrl(url: URL): DnsQuestionAt | undefined {
  if (url.protocol !== "dns:" || url.username || url.password || url.hash) return undefined;
  const server = readServer(url);
  const name = url.pathname.slice(1).replace(/\.$/, "");
  const options = readQuery(url.search.slice(1));
  if (!server || !options || !NAME.test(name) || name.length > LONGEST_NAME) return undefined;
  return { server, question: { name, ...options } };
}

function readServer({ hostname, port }: URL): ServerAddress | undefined {
  // The URL parser gives IPv6 in brackets, canonical, and leaves any other host of such a URL as it is.
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return addressFamily(host) && port !== "0" ? { host, port: Number(port) || DNS_PORT } : undefined;
}

function readQuery(query: string): Pick<DnsQuestion, "type" | "class"> | undefined {
  const words = new Map<string, string>();
  for (const element of query === "" ? [] : query.toUpperCase().split(/[;&]/)) {
    const [key = "", value = ""] = element.split("=", 2);
    if (!["TYPE", "CLASS"].includes(key) || words.has(key)) return undefined;
    words.set(key, value);
  }
  const type = types.find((known) => known === (words.get("TYPE") ?? "A"));
  const questionClass = classes.find((known) => known === (words.get("CLASS") ?? "IN"));
  return type && questionClass && { type, class: questionClass };
}
