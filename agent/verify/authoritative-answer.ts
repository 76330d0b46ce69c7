import type { Family } from "../../lambda/contract/address.ts";
import { type Fqdn, fqdnToWire } from "../../lambda/contract/fqdn.ts";
import type { DnsReply } from "../dns/dns-client.ts";
import { type DnsQuestion, isSameName } from "../dns/dns-message.ts";
import { rrType } from "../outcome.ts";

/** A name, and the family of the addresses that are asked for. */
export interface NameAndFamily {
  readonly fqdn: Fqdn;
  readonly family: Family;
}

/** What a server that speaks for the zone says: these addresses, or that it has none. */
export type AuthoritativeAnswer =
  | {
      readonly state: "known";
      /** In their only spelling, sorted. */
      readonly addresses: readonly string[];
    }
  | { readonly state: "absent" }
  | { readonly state: "unavailable"; readonly reason: string };

/**
 * The question for the addresses of a name. Of a wildcard name, it asks for the `*` itself: that is what the
 * server has, while any other label could have a record of its own (RFC 4592 section 2.1.1).
 */
export function addressQuestion({ fqdn, family }: NameAndFamily): DnsQuestion {
  return { name: fqdnToWire(fqdn), type: rrType(family), class: "IN" };
}

/** Reads the reply to that question. Only what the server answers for itself (AA) counts, and no cache's word. */
export function readAuthoritativeAnswer(reply: DnsReply, { name, type }: DnsQuestion): AuthoritativeAnswer {
  const unavailable = (reason: string): AuthoritativeAnswer => ({ state: "unavailable", reason });
  if ("reason" in reply) return unavailable(reply.reason);
  const { rcode, isAuthoritative, answers } = reply.response;
  if (rcode !== "NOERROR" && rcode !== "NXDOMAIN") return unavailable(`it answers ${rcode}`);
  if (!isAuthoritative) return unavailable("it is not authoritative for the name");
  const own = answers.filter((answer) => isSameName(answer.name, name));
  const alias = own.find((answer) => answer.type === "CNAME");
  if (alias) return unavailable(`the name is an alias of ${alias.text}`);
  const addresses = own.filter((answer) => answer.type === type).map(({ text }) => text);
  return addresses.length === 0 ? { state: "absent" } : { state: "known", addresses: addresses.sort() };
}

/** Whether it is this address and no other. */
export function isExactly(answer: AuthoritativeAnswer, address: string): boolean {
  return answer.state === "known" && answer.addresses.every((found) => found === address);
}

/** In a few words, for a message. */
export function describeAuthoritativeAnswer(answer: AuthoritativeAnswer): string {
  switch (answer.state) {
    case "known":
      return answer.addresses.join(" and ");
    case "absent":
      return "no such record";
    case "unavailable":
      return answer.reason;
  }
}
