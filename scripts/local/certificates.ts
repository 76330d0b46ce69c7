// Certificate authorities for tests, and what they issue: X.509 (RFC 5280) in DER (X.690), as far as TLS needs it.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Identity {
  /** Both in PEM, as a server takes them. */
  readonly key: string;
  readonly cert: string;
}

export interface Authority extends Identity {
  /** Issues a certificate for DNS names. */
  readonly issue: (...hosts: readonly string[]) => Identity;
}

const DAY_MS = 86_400_000;

/** An authority that signs itself. */
export function createAuthority(name: string, notAfter = new Date(Date.now() + DAY_MS)): Authority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = { name, privateKey: keys.privateKey };
  const isAuthority = extension([0x55, 0x1d, 0x13], sequence(der(0x01, Buffer.from([0xff]))));
  const own = { name, publicKey: keys.publicKey, notAfter, extension: isAuthority };
  return {
    ...identity(keys.privateKey, certificate(own, issuer)),
    issue(...hosts) {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names = hosts.map((host) => der(0x82, Buffer.from(host)));
      const subject = { name: hosts[0] ?? "", publicKey, notAfter };
      const altNames = extension([0x55, 0x1d, 0x11], sequence(...names));
      return identity(privateKey, certificate({ ...subject, extension: altNames }, issuer));
    },
  };
}

interface Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly notAfter: Date;
  readonly extension: Buffer;
}

function certificate(subject: Subject, issuer: { readonly name: string; readonly privateKey: KeyObject }) {
  // ecdsa-with-SHA256
  const algorithm = sequence(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
  const notBefore = new Date(Math.min(Date.now(), subject.notAfter.getTime()) - DAY_MS);
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // Positive: the first bit is none.
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(notBefore), time(subject.notAfter)),
    distinguishedName(subject.name),
    subject.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(subject.extension)),
  );
  const signature = sign("sha256", toBeSigned, issuer.privateKey);
  return sequence(toBeSigned, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
}

function identity(privateKey: KeyObject, bytes: Buffer): Identity {
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert: toPem(bytes) };
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** Of the form of a certificate still, as long as it says, but none any more. */
export function damage(pem: string): string {
  const bytes = Buffer.from(pem.replace(/-----.*-----/g, ""), "base64");
  bytes[4] = 0xff;
  return toPem(bytes);
}

/** A value behind its tag and length. */
function der(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, Buffer.concat(parts));
const oid = (bytes: readonly number[]) => der(0x06, Buffer.from(bytes));
const extension = (id: readonly number[], value: Buffer) => sequence(oid(id), der(0x04, value));
/** GeneralizedTime. */
const time = (date: Date) => der(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, "")));

/** A common name alone. */
function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid([0x55, 0x04, 0x03]), der(0x0c, Buffer.from(name)))));
}
