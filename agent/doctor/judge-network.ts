import { type Family, parseAddress, specialRange } from "../../lambda/contract/address.ts";
import { fqdnToWire } from "../../lambda/contract/fqdn.ts";
import { withSuffix } from "../config/ipv6-suffix.ts";
import type { Answer, Detection } from "../detect/detect.ts";
import { exitCode } from "../exit-code.ts";
import { rrType } from "../outcome.ts";
import type { Agreement } from "../verify/agreement.ts";
import type { Authority } from "../verify/authority.ts";
import { type Diagnosis, ok, problem, unknown, warning } from "./diagnosis.ts";

/** What each source said of a family; no line for one that is out of scope. */
export function judgeDetection(detection: Detection): readonly Diagnosis[] {
  if (detection.state === "absent") return [];
  const { family, findings } = detection;
  const check = `detection ${family}`;
  const told = findings.flatMap(({ answers, ...finding }) =>
    answers.length === 0
      ? [describeAnswer(finding)]
      : answers.map((answer) => describeAnswer(answer, finding.from)),
  );
  const names = findings.flatMap(({ from, answers }) => [from, ...answers.map((answer) => answer.from)]);
  if (detection.state === "known") {
    return [ok({ check, found: [`${detection.address.text} is the address`, ...told].join("; "), names })];
  }
  const found = ["no source knows the address", ...told].join("; ");
  const fix =
    family === "ipv6"
      ? 'see whether the line has IPv6 at all; where it has none, leave "ipv6" out of families'
      : "see whether the line is up; where the answers differ, this network has several ways out: set interface";
  return [problem(exitCode.noAddress, { check, found, fix, names })];
}

function describeAnswer(answer: Answer, through?: string): string {
  const from = through === undefined || through === "check" ? answer.from : through;
  return `${from}: ${answer.state === "known" ? answer.address.text : answer.reason}`;
}

export interface NatFacts {
  readonly family: Family;
  /** The interface of the default route, or the configured one; undefined without one. */
  readonly interfaceName: string | undefined;
  readonly interfaceAddresses: readonly string[];
  /** What the echo services agree on; undefined where they do not, or were not asked. */
  readonly echoed: string | undefined;
  /** Whether an IPv6 address is known. */
  readonly hasIpv6: boolean;
}

const CGNAT = "100.64.0.0/10";
/** RFC 6333 section 5.7: the device's end of a DS-Lite tunnel; RFC 7335: of any other kind. */
const TUNNEL = "192.0.0.0/29";
const CGNAT_FIX =
  "incoming IPv4 connections cannot arrive: ask the provider for a public IPv4 address, or publish ipv6";

/** Whether the Internet can reach this machine at the address that it is seen with. */
export function judgeNat(facts: NatFacts): Diagnosis {
  const { family, interfaceName, interfaceAddresses, echoed } = facts;
  const base = { check: `NAT ${family}`, names: interfaceName === undefined ? [] : [interfaceName] };
  const cidrs = interfaceAddresses.map(cidrOf);
  const isShared = !cidrs.includes(undefined) && (cidrs.includes(CGNAT) || cidrs.includes(TUNNEL));
  if (isShared) {
    const kind = cidrs.includes(CGNAT) ? "carrier-grade NAT" : "carrier-grade NAT (DS-Lite or alike)";
    return warning({ ...base, found: `behind ${kind}: ${onInterface(facts)}`, fix: CGNAT_FIX });
  }
  if (echoed !== undefined) return compareWithEcho({ ...facts, echoed }, base);
  if (interfaceAddresses.length > 0) {
    const found = `could not confirm: ${onInterface(facts)}, and no echo service says more`;
    return unknown({ ...base, found, fix: "see the detection check: only echo services tell what is seen" });
  }
  if (family === "ipv4" && facts.hasIpv6) {
    const fix = 'publish ipv6 alone: families = ["ipv6"]';
    return warning({ ...base, found: "this machine has only IPv6", fix });
  }
  const found =
    interfaceName === undefined
      ? `there is no ${family} default route`
      : `${interfaceName} is not there, or has no ${family} address`;
  return unknown({ ...base, found, fix: "see whether the line is up, and the detection check" });
}

function compareWithEcho(facts: NatFacts & { readonly echoed: string }, base: Base): Diagnosis {
  const { interfaceAddresses, echoed, interfaceName } = facts;
  if (interfaceAddresses.some((address) => isSameHost(address, echoed))) {
    return ok({ ...base, found: `directly on the Internet: ${interfaceName} has ${echoed}` });
  }
  if (interfaceAddresses.length === 0) {
    const found = `the Internet sees ${echoed}, and no address of the default route's interface is known here`;
    return unknown({ ...base, found, fix: "set interface to the one of the line" });
  }
  if (interfaceAddresses.some((address) => cidrOf(address) === undefined)) {
    const found = `${onInterface(facts)}, but the Internet sees ${echoed}: another way out, a VPN or a proxy`;
    return warning({
      ...base,
      found,
      fix: "set interface, and bind_to_interface = true, if the first is right",
    });
  }
  const hint = `one NAT if ${echoed} is what the router shows as its own address, else another at the provider`;
  return ok({ ...base, found: `behind NAT: ${onInterface(facts)}, the Internet sees ${echoed}; ${hint}` });
}

type Base = Pick<Diagnosis, "check" | "names">;

const onInterface = ({ interfaceName, interfaceAddresses }: NatFacts) =>
  `${interfaceName} has ${interfaceAddresses.join(" and ")}`;

/** RFC 8981: a host shows itself by temporary IPv6 addresses, of the same /64 as its lasting one. */
function isSameHost(address: string, echoed: string): boolean {
  if (address === echoed) return true;
  return echoed.includes(":") && address.includes(":") && networkOf(address) === networkOf(echoed);
}

const networkOf = (address: string) =>
  withSuffix(parseAddress(address), { text: "::", prefixLength: 64 }).text;

const cidrOf = (address: string) => specialRange(parseAddress(address.split("%")[0] ?? ""))?.cidr;

/** What the zone's own name servers answer for a name. */
export function judgeAuthoritative(agreement: Agreement, authority: Authority): Diagnosis {
  const { fqdn, family, verdict, reasons, served, wanted } = agreement;
  const name = fqdnToWire(fqdn);
  const servers = authority.state === "known" ? authority.servers.map((server) => server.name) : [];
  const zone = authority.state === "known" && authority.zone !== undefined ? [authority.zone] : [];
  const base = { check: "authoritative answer", names: [name, ...servers, ...zone] };
  const asked =
    servers.length === 0 ? "" : ` (${zone.map((apex) => `zone ${apex}, `).join("")}${servers.join(", ")})`;
  const found = `${name} ${rrType(family)}: ${reasons.join("; ")}${asked}`;
  if (verdict === "differs") {
    const fix =
      "run \"update-route53 --force --wait\"; if it stays so, compare device.name with the stack's, and see the function's log";
    return problem(exitCode.tryAgain, { ...base, found, fix });
  }
  if (verdict === "unknown") {
    const fix =
      "reason" in served
        ? "see the resolver check, and whether the zone is delegated to Route 53"
        : "see the detection check, and whether the firewall passes UDP and TCP port 53";
    return unknown({ ...base, found: `could not confirm ${found}`, fix });
  }
  const address = wanted.state === "known" ? wanted.address.text : "";
  return ok({ ...base, found: `${name} ${rrType(family)}: every name server answers ${address}${asked}` });
}
