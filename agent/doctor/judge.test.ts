import { parseAddress } from "../../lambda/contract/address.ts";
import { parseFqdn } from "../../lambda/contract/fqdn.ts";
import { assert, describe } from "../../scripts/describe.ts";
import { exitCode } from "../exit-code.ts";
import { classifyPublishError } from "../publish/publish-error.ts";
import { compare } from "../verify/agreement.ts";
import {
  type Diagnosis,
  doctorExitCode,
  formatDiagnosis,
  ok,
  problem,
  unknown,
  warning,
} from "./diagnosis.ts";
import { type EndpointAnswer, judgeEndpoint } from "./judge-endpoint.ts";
import { judgeConfiguration, judgeDeviceKey, judgePermissions } from "./judge-files.ts";
import { judgeAuthoritative, judgeDetection, judgeNat, type NatFacts } from "./judge-network.ts";
import { judgeResolver } from "./judge-resolver.ts";
import { judgeRight } from "./judge-right.ts";
import { judgeClock, judgeInstance, judgePending, judgeStateDirectory } from "./judge-state.ts";

const NOW = Date.parse("2027-01-02T03:04:05Z");

/** Rows of a name, what is judged, and its status, exit code and a part of its line. */
type Row = readonly [name: string, diagnosis: Diagnosis, judged: string];

function table(title: string, rows: readonly Row[]): void {
  describe(title, (test) => {
    for (const [name, diagnosis, expected] of rows) {
      test(name, () => {
        const code = diagnosis.exitCode === undefined ? "" : ` ${diagnosis.exitCode}`;
        assert.is(`${diagnosis.status}${code}: ${diagnosis.found}`, expected);
        assert.is(diagnosis.fix === undefined, diagnosis.status === "ok", "anything but ok has a fix");
      });
    }
  });
}

const failure = { reason: "a.toml:2: stream: expected x, got 1", exitCode: exitCode.configuration };

table("the doctor judges files:", [
  [
    "a broken configuration",
    judgeConfiguration({ path: "a.toml", failure, domainCount: 0 }),
    "problem 78: a.toml:2: stream: expected x, got 1",
  ],
  [
    "a configuration without names",
    judgeConfiguration({ path: "a.toml", failure: undefined, domainCount: 0 }),
    "problem 78: a.toml: no domains to keep up to date",
  ],
  [
    "one that is right",
    judgeConfiguration({ path: undefined, failure: undefined, domainCount: 2 }),
    "ok: no file, only flags and environment: no error, 2 names",
  ],
  [
    "secrets that others can read",
    judgePermissions([
      { path: "/a", isReadableByOthers: true },
      { path: "/b", isReadableByOthers: false },
    ]),
    "warning: other users of this machine can read the secret in /a",
  ],
  [
    "secrets that only the owner can read",
    judgePermissions([
      { path: "/a", isReadableByOthers: false },
      { path: "/b", isReadableByOthers: undefined },
    ]),
    "ok: only the owner can read the secrets in /a",
  ],
  ["no secrets", judgePermissions([]), "ok: no file with a secret is configured"],
  ["a bad key", judgeDeviceKey({ kind: "failure", failure }), `problem 78: ${failure.reason}`],
  [
    "a key, to be compared",
    judgeDeviceKey({ kind: "key", device: "attic", publicKey: "AAAA" }),
    'ok: device attic signs; the policy must hold publicKeys: ["AAAA"]',
  ],
  [
    "no name of the device",
    judgeDeviceKey({ kind: "none", configPath: "a.toml" }),
    "warning: no device is named, so that only names which the stack leaves open to all are moved",
  ],
]);

const state = {
  directory: "/s",
  isThere: true,
  fileSystem: "tmpfs",
  writeFailure: undefined,
  stateProblem: undefined,
  pending: [],
};

table("the doctor judges the state:", [
  [
    "a directory in memory",
    judgeStateDirectory(state),
    "ok: /s: writable, in memory (tmpfs): forgotten when the power goes, which is no harm",
  ],
  [
    "a directory on flash that is not there yet",
    judgeStateDirectory({ ...state, isThere: false, fileSystem: "flash (jffs2)" }),
    "ok: /s: not there yet, the first update can make it, on flash (jffs2): kept when the power goes, written only when something changed",
  ],
  [
    "a full disk",
    judgeStateDirectory({ ...state, writeFailure: "ENOSPC" }),
    "warning: /s: cannot be written (ENOSPC), so every run publishes again",
  ],
  [
    "a corrupt state",
    judgeStateDirectory({ ...state, stateProblem: "it is not JSON" }),
    "warning: /s: what was published before is not known, it is not JSON",
  ],
  [
    "what is pending",
    judgePending({ pending: [{ what: "a.example A", sinceMs: NOW }] })[0] as Diagnosis,
    "warning: not published yet: a.example A since 2027-01-02T03:04:05Z",
  ],
  [
    "what is pending since never",
    judgePending({ pending: [{ what: "a.example A", sinceMs: 9e99 }] })[0] as Diagnosis,
    "warning: not published yet: a.example A since an impossible time",
  ],
  [
    "another instance",
    judgeInstance({ kind: "holder", pid: 7, isLoop: true }),
    "ok: update-route53 run is at work, process 7; hooks hand their events to it",
  ],
  [
    "a lock that is held by somebody else",
    judgeInstance({ kind: "silent" }),
    "warning: another process holds the lock of the state directory and does not answer",
  ],
]);

const clock = (nowMs: number, skewSeconds?: number) =>
  judgeClock({
    nowMs,
    earliestMs: NOW - 1000,
    server: skewSeconds === undefined ? undefined : { nowMs, dateMs: nowMs - skewSeconds * 1000 },
  });

table("the doctor judges the clock:", [
  ["right", clock(NOW, 0), "ok: 2027-01-02T03:04:05Z, the same as the endpoint's"],
  ["30 seconds off", clock(NOW, 30), "ok: 2027-01-02T03:04:05Z, 30 seconds ahead of the endpoint's"],
  ["31 seconds off", clock(NOW, -31), "warning: 2027-01-02T03:04:05Z, 31 seconds behind the endpoint's"],
  ["300 seconds off", clock(NOW, 300), "warning: 2027-01-02T03:04:05Z, 300 seconds ahead of the endpoint's"],
  ["further off", clock(NOW, 301), "problem 75: 2027-01-02T03:04:05Z, 301 seconds ahead of the endpoint's"],
  [
    "impossible",
    clock(0),
    "problem 75: 1970-01-01T00:00:00Z is before this program was built (2027-01-02T03:04:04Z), so no certificate is valid",
  ],
  [
    "without anything to compare",
    clock(NOW),
    "unknown: 2027-01-02T03:04:05Z is possible, but could not confirm it: the endpoint gave no Date",
  ],
]);

const url = new URL("https://kinesis.eu-west-1.amazonaws.com");
const answer: EndpointAnswer = {
  status: 400,
  isFromAws: true,
  contentType: "application/x-amz-json-1.1",
  dateMs: NOW,
  nowMs: NOW,
  certificate: { problem: undefined, issuer: "Amazon" },
  authorityCount: 140,
};
const endpoint = (changed: Partial<EndpointAnswer>, at = url) =>
  judgeEndpoint({ kind: "answered", url: at, ...answer, ...changed });
const certificate = (code: string, changed: Partial<EndpointAnswer> = {}) =>
  endpoint({ certificate: { problem: code, issuer: "Acme" }, ...changed });
const at = `${url.origin}:`;

table("the doctor judges the endpoint:", [
  ["right", endpoint({}), `ok: ${at} answers, with a valid certificate`],
  [
    "no region",
    judgeEndpoint({ kind: "noRegion", configPath: "a.toml" }),
    "problem 78: no AWS region is known",
  ],
  [
    "an endpoint that is none",
    judgeEndpoint({ kind: "nowhere", reason: "Invalid URL" }),
    "problem 78: where the stream is, is not known (Invalid URL)",
  ],
  [
    "a closed port",
    judgeEndpoint({ kind: "failed", url, code: "ECONNREFUSED" }),
    `problem 75: ${at} the connection is refused (ECONNREFUSED)`,
  ],
  [
    "something new",
    judgeEndpoint({ kind: "failed", url, code: "EWHAT" }),
    `problem 75: ${at} it cannot be reached (EWHAT)`,
  ],
  [
    "a login page",
    endpoint({ isFromAws: false, contentType: "text/html" }),
    `problem 75: ${at} a web page comes from something that is not AWS, such as the login page of a network`,
  ],
  [
    "a certificate of tomorrow, with a clock of yesteryear",
    certificate("CERT_NOT_YET_VALID", { nowMs: 0 }),
    `problem 75: ${at} its certificate is refused because the clock is wrong (CERT_NOT_YET_VALID)`,
  ],
  [
    "the same, without a Date",
    certificate("CERT_NOT_YET_VALID", { nowMs: 0, dateMs: undefined }),
    `problem 75: ${at} its certificate is refused: the clock may be wrong, or something in between shows another (CERT_NOT_YET_VALID)`,
  ],
  [
    "an old certificate, with the right clock",
    certificate("CERT_HAS_EXPIRED"),
    `problem 75: ${at} something in between shows a certificate of its own, issued by "Acme" (CERT_HAS_EXPIRED)`,
  ],
  [
    "no certificate authorities",
    certificate("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", { authorityCount: 0 }),
    `problem 78: ${at} its certificate cannot be checked without certificate authorities, of which none is found (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)`,
  ],
  [
    "an authority that nobody knows",
    certificate("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
    `problem 75: ${at} something in between shows a certificate of its own, issued by "Acme" (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)`,
  ],
  [
    "no TLS to another machine",
    endpoint({ certificate: undefined }, new URL("http://10.0.0.1")),
    "warning: http://10.0.0.1: answers, but without TLS: others on the way can read along",
  ],
]);

const resolver = (ofEndpoint: string, ofDomain: string) =>
  judgeResolver({
    servers: ["9.9.9.9"],
    endpoint: ofEndpoint ? { name: "kinesis", code: ofEndpoint } : { name: "kinesis", addressCount: 1 },
    domain: ofDomain ? { name: "a.example", code: ofDomain } : { name: "a.example", addressCount: 1 },
  });

table("the doctor judges the resolver:", [
  ["right", resolver("", ""), "ok: kinesis resolves, a.example resolves (by 9.9.9.9)"],
  [
    "a new name",
    resolver("", "ENOTFOUND"),
    "ok: kinesis resolves, a.example does not exist yet (by 9.9.9.9)",
  ],
  [
    "no endpoint",
    resolver("ENOTFOUND", ""),
    "problem 75: kinesis does not exist, a.example resolves (by 9.9.9.9)",
  ],
  [
    "no answer",
    resolver("", "EAI_AGAIN"),
    "problem 75: kinesis resolves, a.example cannot be looked up (EAI_AGAIN) (by 9.9.9.9)",
  ],
]);

const couldNot = "could not confirm that the credentials may put records on it";

table("the doctor judges the right to publish:", [
  [
    "confirmed",
    judgeRight("s", { kind: "allowed" }),
    "ok: stream s: the credentials may put records on it, and none was written (DryRun)",
  ],
  [
    "not to be confirmed",
    judgeRight("s", { kind: "unsupported", detail: "no DryRun" }),
    `unknown: stream s: ${couldNot}: no DryRun`,
  ],
  [
    "not asked",
    judgeRight("s", { kind: "unasked", reason: "no file" }),
    `unknown: stream s: ${couldNot}: no file`,
  ],
  [
    "denied",
    judgeRight("s", {
      kind: "refused",
      error: { exitCode: exitCode.noPermission, meaning: "no", detail: "said so" },
    }),
    "problem 77: no (said so)",
  ],
  [
    "not to be asked",
    judgeRight("s", { kind: "failed", failure }),
    `problem 78: stream s: ${failure.reason}`,
  ],
]);

const nat = (addresses: readonly string[], echoed?: string, more: Partial<NatFacts> = {}) =>
  judgeNat({
    family: "ipv4",
    interfaceName: addresses.length === 0 ? undefined : "wan",
    interfaceAddresses: addresses,
    echoed,
    hasIpv6: false,
    ...more,
  });
const ipv6 = { family: "ipv6" } as const;

table("the doctor judges NAT:", [
  ["none", nat(["1.2.3.4"], "1.2.3.4"), "ok: directly on the Internet: wan has 1.2.3.4"],
  [
    "one",
    nat(["192.168.0.2"], "1.2.3.4"),
    "ok: behind NAT: wan has 192.168.0.2, the Internet sees 1.2.3.4; one NAT if 1.2.3.4 is what the router shows as its own address, else another at the provider",
  ],
  ["the provider's", nat(["100.64.0.2"], "1.2.3.4"), "warning: behind carrier-grade NAT: wan has 100.64.0.2"],
  [
    "just outside the provider's",
    nat(["100.128.0.2"], "100.128.0.2"),
    "ok: directly on the Internet: wan has 100.128.0.2",
  ],
  [
    "of DS-Lite",
    nat(["192.0.0.2"], "1.2.3.4"),
    "warning: behind carrier-grade NAT (DS-Lite or alike): wan has 192.0.0.2",
  ],
  [
    "another way out",
    nat(["8.8.8.8"], "1.2.3.4"),
    "warning: wan has 8.8.8.8, but the Internet sees 1.2.3.4: another way out, a VPN or a proxy",
  ],
  [
    "a public address beside one of the provider's NAT",
    nat(["100.64.0.2", "1.2.3.4"], "1.2.3.4"),
    "ok: directly on the Internet: wan has 1.2.3.4",
  ],
  ["only IPv6", nat([], undefined, { hasIpv6: true }), "warning: this machine has only IPv6"],
  ["nothing", nat([]), "unknown: there is no ipv4 default route"],
  [
    "an interface that is not there",
    nat([], undefined, { interfaceName: "wan" }),
    "unknown: wan is not there, or has no ipv4 address",
  ],
  [
    "no echo",
    nat(["192.168.0.2"]),
    "unknown: could not confirm: wan has 192.168.0.2, and no echo service says more",
  ],
  [
    "no interface",
    nat([], "1.2.3.4"),
    "unknown: the Internet sees 1.2.3.4, and no address of the default route's interface is known here",
  ],
  [
    "a temporary IPv6 address of the same network",
    nat(["2600::1"], "2600::abcd", ipv6),
    "ok: directly on the Internet: wan has 2600::abcd",
  ],
  [
    "another IPv6 network",
    nat(["2600::1"], "2600:0:0:1::1", ipv6),
    "warning: wan has 2600::1, but the Internet sees 2600:0:0:1::1: another way out, a VPN or a proxy",
  ],
]);

const address = parseAddress("1.2.3.4");
const echo = { from: "echo.example", state: "known", address } as const;
const wan = { from: "interface wan", state: "unavailable", reason: "it has none", answers: [] } as const;
const check = { ...echo, from: "check", answers: [echo] };
const subject = { fqdn: parseFqdn("a.example.com"), family: "ipv4", published: undefined } as const;
const wanted = { state: "known", address } as const;
const authority = {
  state: "known",
  zone: "example.com",
  servers: [{ name: "ns.example", addresses: [] }],
  problems: [],
} as const;
const served = (...addresses: string[]) => [{ server: "ns.example", state: "known", addresses }] as const;

table("the doctor judges what the Internet sees:", [
  [
    "an address, with every answer",
    judgeDetection({ family: "ipv4", state: "known", address, findings: [wan, check] })[0] as Diagnosis,
    "ok: 1.2.3.4 is the address; interface wan: it has none; echo.example: 1.2.3.4",
  ],
  [
    "no address",
    judgeDetection({ family: "ipv4", state: "unavailable", reason: "", findings: [wan] })[0] as Diagnosis,
    "problem 69: no source knows the address; interface wan: it has none",
  ],
  [
    "the right answer",
    judgeAuthoritative(compare({ ...subject, wanted, served: served("1.2.3.4") }), authority),
    "ok: a.example.com A: every name server answers 1.2.3.4 (zone example.com, ns.example)",
  ],
  [
    "another answer",
    judgeAuthoritative(compare({ ...subject, wanted, served: served("8.8.8.8") }), authority),
    "problem 75: a.example.com A: ns.example: 8.8.8.8 (zone example.com, ns.example)",
  ],
  [
    "no zone",
    judgeAuthoritative(compare({ ...subject, wanted, served: { reason: "no zone" } }), {
      state: "unavailable",
      reason: "no zone",
    }),
    "unknown: could not confirm a.example.com A: no zone",
  ],
]);

describe("the doctor", (test) => {
  const told = { check: "c", found: "f", fix: "do" };
  test("ends with the worst problem, and warnings and what is unknown are none", () => {
    assert.is(doctorExitCode([ok({ check: "c", found: "f" }), warning(told), unknown(told)]), 0);
    assert.is(doctorExitCode([problem(69, told), problem(77, told), problem(75, told)]), 77);
  });
  test("says a line", () => {
    assert.is(formatDiagnosis(problem(69, told)), "problem  c: f - to do: do");
    assert.is(formatDiagnosis(ok({ check: "c", found: "f" })), "ok       c: f");
  });
});

describe("the doctor's advice", (test) => {
  const advice: readonly (readonly [string, Diagnosis, string])[] = [
    [
      "for a read-only state directory names none that everyone can write to",
      judgeStateDirectory({ ...state, writeFailure: "EROFS" }),
      "mount it writable, or set state_directory to a directory on a tmpfs such as /run/update-route53",
    ],
    [
      "for a configuration without names says what to write into which file",
      judgeConfiguration({ path: "a.toml", failure: undefined, domainCount: 0 }),
      'put domains = ["home.example.com"] at the top of a.toml',
    ],
    [
      "for no configuration at all names the file to make",
      judgeConfiguration({ path: undefined, failure: undefined, domainCount: 0 }),
      'put domains = ["home.example.com"] at the top of a new file /etc/update-route53.toml',
    ],
    [
      "for a device without a name says where to write it",
      judgeDeviceKey({ kind: "none", configPath: "a.toml" }),
      'put name = "..." below [device] in a.toml, as the stack\'s configuration calls this device',
    ],
    [
      "for no region says where to write it",
      judgeEndpoint({ kind: "noRegion", configPath: "a.toml" }),
      'put region = "eu-west-1" at the top of a.toml, or wherever the stream is',
    ],
    [
      "for no credentials says where to write them",
      judgeRight("s", {
        kind: "refused",
        error: classifyPublishError(Object.assign(new Error("none"), { name: "CredentialsProviderError" }), {
          stream: "s",
          region: "eu-west-1",
          configPath: "a.toml",
        }),
      }),
      'put access_key_id = "AKIA..." and secret_access_key = "..." at the top of a.toml',
    ],
  ];
  for (const [name, { fix }, expected] of advice) test(name, () => assert.is(fix, expected));
});
