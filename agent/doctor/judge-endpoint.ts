import { howToSet } from "../config/how-to-set.ts";
import { exitCode } from "../exit-code.ts";
import { ENDPOINT_FIX } from "../publish/publish-meanings.ts";
import { type Diagnosis, ok, problem, warning } from "./diagnosis.ts";

/** What came of one unsigned request to the endpoint. */
export type EndpointFacts =
  | { readonly kind: "noRegion"; readonly configPath: string | undefined }
  | { readonly kind: "nowhere"; readonly reason: string }
  | { readonly kind: "failed"; readonly url: URL; readonly code: string }
  | ({ readonly kind: "answered"; readonly url: URL } & EndpointAnswer);

export interface EndpointAnswer {
  readonly status: number;
  /** Whether it carries the request id that every AWS service gives its answers. */
  readonly isFromAws: boolean;
  readonly contentType: string;
  /** Of the Date header; undefined without one. */
  readonly dateMs: number | undefined;
  /** The clock of this machine when the answer came. */
  readonly nowMs: number;
  /** Undefined without TLS. */
  readonly certificate: CertificateFacts | undefined;
  /** How many certificate authorities this program trusts. */
  readonly authorityCount: number;
}

export interface CertificateFacts {
  /** Node's name for what is wrong with it; undefined where it is valid. */
  readonly problem: string | undefined;
  /** Who says to have issued it. */
  readonly issuer: string;
}

const CHECK = "endpoint";
const LOOPBACK = /^(?:127\.[\d.]+|\[::1\]|localhost)$/;
const PORTAL_FIX =
  "open a web page on this network and log in where it asks to, or ask its administrator to let the endpoint through";

const FAILURES: Readonly<Record<string, readonly [found: string, fix: string]>> = {
  ECONNREFUSED: ["the connection is refused", "let the firewall pass TCP to this address and port"],
  ECONNRESET: ["the connection is cut off", "let the firewall pass TCP to this address and port"],
  ENETUNREACH: ["there is no route to it", "see whether the line is up and has a default route"],
  EHOSTUNREACH: ["there is no route to it", "see whether the line is up and has a default route"],
  ENOTFOUND: ["its name does not exist", "see the resolver check, and whether region is spelt right"],
  EAI_AGAIN: ["its name cannot be looked up now", "see the resolver check"],
  ETIMEDOUT: [
    "no answer in time",
    "see whether the line is up and the firewall passes TCP to this address and port",
  ],
  EPROTO: ["what answers there speaks no TLS", PORTAL_FIX],
};

export function judgeEndpoint(facts: EndpointFacts): Diagnosis {
  if (facts.kind === "noRegion") {
    const found = "no AWS region is known";
    const fix = `${howToSet('region = "eu-west-1"', facts.configPath)}, or wherever the stream is`;
    return problem(exitCode.configuration, { check: CHECK, found, fix });
  }
  if (facts.kind === "nowhere") {
    const found = `where the stream is, is not known (${facts.reason})`;
    return problem(exitCode.configuration, { check: CHECK, found, fix: ENDPOINT_FIX });
  }
  if (facts.kind === "failed") {
    const [found, fix] = FAILURES[facts.code] ?? ["it cannot be reached", "see whether the line is up"];
    return problem(exitCode.tryAgain, { ...told(facts.url, `${found} (${facts.code})`), fix });
  }
  const { url, certificate } = facts;
  if (certificate?.problem !== undefined) return judgeCertificate(facts, certificate);
  if (!facts.isFromAws) {
    const what = facts.contentType.includes("html") ? "a web page" : `an answer with status ${facts.status}`;
    const found = `${what} comes from something that is not AWS, such as the login page of a network`;
    return problem(exitCode.tryAgain, { ...told(url, found), fix: PORTAL_FIX });
  }
  if (certificate) return ok(told(url, "answers, with a valid certificate"));
  if (LOOPBACK.test(url.hostname)) return ok(told(url, "answers, without TLS, on this machine"));
  const fix = "give AWS_ENDPOINT_URL_KINESIS an https:// URL";
  return warning({ ...told(url, "answers, but without TLS: others on the way can read along"), fix });
}

const told = (url: URL, found: string) => ({
  check: CHECK,
  found: `${url.origin}: ${found}`,
  names: [url.hostname],
});

const WRONG_TIME = ["CERT_NOT_YET_VALID", "CERT_HAS_EXPIRED"];
const NO_ISSUER = [
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];
const DAY_MS = 86_400_000;

/** A certificate of AWS is valid for months around now, so that a clock must be days off to make it invalid. */
function judgeCertificate(facts: Extract<EndpointFacts, { kind: "answered" }>, found: CertificateFacts) {
  const { url, dateMs, nowMs, authorityCount } = facts;
  const code = found.problem ?? "";
  if (WRONG_TIME.includes(code) && dateMs !== undefined && Math.abs(nowMs - dateMs) > DAY_MS) {
    const text = `its certificate is refused because the clock is wrong (${code})`;
    return problem(exitCode.tryAgain, { ...told(url, text), fix: "set the clock, see the clock check" });
  }
  if (NO_ISSUER.includes(code) && authorityCount === 0) {
    const text = `its certificate cannot be checked without certificate authorities, of which none is found (${code})`;
    const fix = "install the CA bundle (opkg install ca-bundle), or unset NODE_OPTIONS and SSL_CERT_FILE";
    return problem(exitCode.configuration, { ...told(url, text), fix });
  }
  if (WRONG_TIME.includes(code) && dateMs === undefined) {
    const text = `its certificate is refused: the clock may be wrong, or something in between shows another (${code})`;
    return problem(exitCode.tryAgain, { ...told(url, text), fix: "see the clock check" });
  }
  const text = `something in between shows a certificate of its own, issued by "${found.issuer}" (${code})`;
  const { names, ...rest } = told(url, text);
  const fix = `${PORTAL_FIX}; where it inspects TLS on purpose, name its certificate authority by ca_file`;
  return problem(exitCode.tryAgain, { ...rest, fix, names: [...names, found.issuer] });
}
