/**
 * A name server, by convention: whoever moves its address answers for the whole zone. It may also be the label above
 * those of the servers, as in `a.ns.example.com`. So `ns` and `dns` as a word of the label, with a number, the letter
 * of an instance (`nsa`) or of a role before it (authoritative, primary, secondary: `pns1`); not those of other words,
 * such as `dnsmasq`, `ddns` or `nsfw`. The letters of an IDN's A-label are no words.
 */
const NAME_SERVER = /^(?!xn--)(?:.*[-_])?(?:ns[a-z]?|dns[a-z]?|[aps]d?ns|name-?servers?|soa)(?:[-_\d].*)?$/;

/**
 * Hosts that programs look for on their own, and then believe for the whole domain: its proxy, its tunnel, its mail
 * policy (RFC 8461), accounts and keys. Windows' DNS server withholds two of them from dynamic DNS, too:
 * https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-dnsp/35e541ef-7a59-4a44-ba18-7cd00aba6a0d
 */
const WELL_KNOWN = new Set(["autoconfig", "autodiscover", "isatap", "mta-sts", "openpgpkey", "wpad"]);

/** Whether a label is of a service and never of a host: below it are certificates' proofs and policies (RFC 8552). */
export function isServiceLabel(label: string): boolean {
  return label.startsWith("_");
}

/**
 * Whether a star of a pattern stands for the label. It does not where the name would speak for others than itself:
 * who shall move such a name must be given it by a name, or a pattern, in which the label is written out.
 */
export function isFreeLabel(label: string): boolean {
  return !isServiceLabel(label) && !NAME_SERVER.test(label) && !WELL_KNOWN.has(label);
}
