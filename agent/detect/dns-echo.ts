import { isIPv6 } from "node:net";
import type { Family } from "../../lambda/contract/address.ts";
import { askDns, type DnsReply } from "../dns/dns-client.ts";
import { type DnsQuestion, isSameName } from "../dns/dns-message.ts";
import { parseDnsUrl } from "../dns/dns-url.ts";
import { type Answer, judge } from "./detect.ts";

export interface DnsEchoOptions {
  /** Ends the query, and closes its socket. */
  readonly signal: AbortSignal;
  /** The local address to ask from. */
  readonly localAddress?: string | undefined;
}

/**
 * Asks one DNS server that answers with the address it is asked from, by the family that is wanted.
 * @param url of RFC 4501, such as `dns://208.67.222.222/myip.opendns.com?type=A`
 */
export async function askDnsEcho(url: URL, family: Family, options: DnsEchoOptions): Promise<Answer> {
  const from = url.host;
  const unavailable = (reason: string): Answer => ({ from, state: "unavailable", reason });
  const asked = parseDnsUrl(url);
  if (!asked) return unavailable("expected a URL such as dns://208.67.222.222/myip.opendns.com?type=A");
  const serverFamily = isIPv6(asked.server.host) ? "ipv6" : "ipv4";
  if (serverFamily !== family) return unavailable(`the URL names an ${serverFamily} server`);
  const reply = await askDns(asked.server, asked.question, { ...options, isRecursionDesired: true });
  const echo = readEcho(reply, asked.question);
  return "text" in echo ? judge(from, echo.text, family) : unavailable(echo.reason);
}

/** The one text that the reply gives. Several are none: the caller has one address. */
function readEcho(
  reply: DnsReply,
  { name, type }: DnsQuestion,
): { readonly text: string } | { readonly reason: string } {
  if ("reason" in reply) return reply;
  const { rcode, answers } = reply.response;
  if (rcode !== "NOERROR") return { reason: `the server answers ${rcode}` };
  const fitting = answers.filter((answer) => answer.type === type && isSameName(answer.name, name));
  const [text, another] = new Set(fitting.map((answer) => answer.text));
  if (text === undefined) return { reason: `the server answers with no ${type} record` };
  return another === undefined ? { text } : { reason: `the server answers with several ${type} records` };
}
